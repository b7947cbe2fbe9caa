import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { commonPattern, isCanonicalHost, isHostPattern, isHostWithin, placeOf } from './host.ts';

const part = fc.constantFrom(
  ...['http://', 'https://', 'HTTPS://', 'a', 'b.org', '.', ':', ':80', '@', '/', '\\', '?', '#'],
  ...['%2e', '0x7f', '127.0.0.1', '1', '08', '256', 'xn--', 'é', '。', '\t', '\n', ' ', '[::1]'],
  ...['-', '_', 'A', '*', '\u0000', '\u00ad'],
);
const text = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
const url = fc.oneof(
  text,
  text.map((rest) => `https://${rest}`),
  fc.webUrl(),
  fc.string(),
);

/** Host and port as the parser of the platform reads them. */
function platformPlace(of: string): string | undefined {
  if (!URL.canParse(of)) return undefined;
  const { hostname, port, protocol } = new URL(of);
  const isOfWeb = protocol === 'http:' || protocol === 'https:';
  return isOfWeb ? `${hostname}:${port || (protocol === 'http:' ? 80 : 443)}` : undefined;
}

const aPort = fc.constantFrom('', ':80', ':443', ':8080');
const aHost = fc.constantFrom('a.b', 'x.a.b', 'y.x.a.b', 'b', 'xa.b', '127.0.0.1');
const aPattern = fc
  .tuple(fc.constantFrom('a.b', 'x.a.b', 'b', '*.a.b', '*.b', '*.x.a.b', '127.0.0.1'), aPort)
  .map((parts) => parts.join(''));
const aPlace = fc
  .tuple(aHost, fc.constantFrom(':80', ':443', ':8080'))
  .map((parts) => parts.join(''));

describe('the place of a URL', () => {
  it('is none that a parser of URLs reads as another', () => {
    fc.assert(
      fc.property(url, (given) => {
        const place = placeOf(given);
        const read = platformPlace(given);
        if (place !== undefined && read !== undefined) expect(read).toBe(place);
      }),
      cases(20_000),
    );
  });

  it('is told of whatever such a parser writes, where that has a name for a host and no user', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https'] }), (given) => {
        const { href, hostname, port, username } = new URL(given);
        if (username !== '' || !isCanonicalHost(hostname) || port === '0') return;
        expect(placeOf(href)).toBe(platformPlace(href));
      }),
      cases(2_000),
    );
  });

  it.each(['a.b:443', '127.0.0.1:1', 'xn--mnchen-3ya.de:65535'])('%s is a place', (place) => {
    expect(placeOf(place)).toBe(place);
  });

  it.each([
    ...[
      'a.b',
      '*.a.b:443',
      'A.b:443',
      'a.b.:443',
      'a.b:0443',
      'a.b:0',
      'a.b:65536',
      'a.b:',
      ':443',
    ],
    ...['u@a.b:443', 'a.b:443/', 'a.b:443 ', 'a.b\u0000.c:443', '2130706433:443', '[::1]:443'],
  ])('%j is none', (text) => {
    expect(placeOf(text)).toBeUndefined();
  });

  it.each([...['a.b', '*.a.b', '127.0.0.1', 'xn--mnchen-3ya.de'], 'a.b:8443', '*.a.b:443'])(
    '%s is a pattern',
    (pattern) => {
      expect(isHostPattern(pattern)).toBe(true);
    },
  );

  it.each([
    ...['', '*', '*.', 'A.b', 'a..b', 'a.', '.a', '*.*.a', 'a.*.b', '*a.b', 'a b', 'a/b', 'a:'],
    ...['a:0', 'a:080', 'a:65536', 'a:x', ':80', 'a:80:80'],
    ...['[::1]', '127.1', '0x7f.0.0.1', '*.127.0.0.1', '1', 'münchen.de', '-a.b'],
  ])('%j is none', (pattern) => {
    expect(isHostPattern(pattern)).toBe(false);
  });
});

describe('patterns of hosts', () => {
  it('have in common what both admit', () => {
    fc.assert(
      fc.property(aPattern, aPattern, aPlace, (one, other, place) => {
        const common = commonPattern(one, other);
        const isOfBoth = isHostWithin(place, one) && isHostWithin(place, other);
        expect(common !== undefined && isHostWithin(place, common)).toBe(isOfBoth);
      }),
      cases(5_000),
    );
  });

  it('admit, one within another, no place that the other does not', () => {
    fc.assert(
      fc.property(aPattern, aPattern, aPlace, (narrow, wide, place) => {
        if (!isHostWithin(narrow, wide) || !isHostWithin(place, narrow)) return;
        expect(isHostWithin(place, wide)).toBe(true);
      }),
      cases(5_000),
    );
  });
});
