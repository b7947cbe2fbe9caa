import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { hostOf, isCanonicalHost, isHostPattern } from './host.ts';

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

/** The host as the parser of the platform reads it. */
function platformHost(of: string): string | undefined {
  return URL.canParse(of) ? new URL(of).hostname : undefined;
}

describe('the host of a URL', () => {
  it('is none that a parser of URLs reads as another', () => {
    fc.assert(
      fc.property(url, (given) => {
        const host = hostOf(given);
        const read = platformHost(given);
        if (host !== undefined && read !== undefined) expect(read).toBe(host);
      }),
      cases(20_000),
    );
  });

  it('is told of whatever such a parser writes, where that has a name for a host and no user', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https'] }), (given) => {
        const { href, hostname, username } = new URL(given);
        if (username !== '' || !isCanonicalHost(hostname)) return;
        expect(hostOf(href)).toBe(hostname);
      }),
      cases(2_000),
    );
  });

  it.each(['a.b', '*.a.b', '127.0.0.1', 'xn--mnchen-3ya.de'])('%s is a pattern', (pattern) => {
    expect(isHostPattern(pattern)).toBe(true);
  });

  it.each([
    ...['', '*', '*.', 'A.b', 'a..b', 'a.', '.a', '*.*.a', 'a.*.b', '*a.b', 'a b', 'a/b', 'a:80'],
    ...['[::1]', '127.1', '0x7f.0.0.1', '*.127.0.0.1', '1', 'münchen.de', '-a.b'],
  ])('%j is none', (pattern) => {
    expect(isHostPattern(pattern)).toBe(false);
  });
});
