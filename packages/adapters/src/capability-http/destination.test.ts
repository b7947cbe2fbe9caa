import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { cases } from '@chancery/testkit/properties';
import { addressIn, readDestination } from './destination.ts';

const hostOf = (text: string): string | undefined => {
  const read = readDestination(text);
  return read.ok ? read.value.host : undefined;
};

describe('a URL', () => {
  test.each([
    ['https://Example.ORG/a?b#c', 'https://example.org/a?b', 'example.org', 443],
    ['http://example.org:80/', 'http://example.org/', 'example.org', 80],
    ['http://example.org.:8080', 'http://example.org:8080/', 'example.org', 8080],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/', 'xn--bcher-kva.example', 443],
    ['https://ＥＸＡＭＰＬＥ.org/', 'https://example.org/', 'example.org', 443],
    ['https://example。org/', 'https://example.org/', 'example.org', 443],
    ['http://[2606:4700:0:0::1]/', 'http://[2606:4700::1]/', '[2606:4700::1]', 80],
  ])('%s is brought to one form', (text, url, host, port) => {
    const read = readDestination(text);
    expect(read.ok && read.value).toMatchObject({ url, host, port });
  });

  test.each([
    ...['http://0x7f000001/', 'http://2130706433/', 'http://017700000001/', 'http://127.1/'],
    ...['http://0x7f.0.0.1/', 'http://0177.0.0.1/', 'http://127.0.0.1./', 'http://１２７.0.0.1/'],
  ])('%s is the loopback in another spelling', (text) => {
    expect(hostOf(text)).toBe('127.0.0.1');
  });

  test('of the metadata service is told in every form of IPv6', () => {
    const spellings = [
      '[::ffff:169.254.169.254]',
      '[::ffff:a9fe:a9fe]',
      '[0:0:0:0:0:FFFF:A9FE:A9FE]',
    ];
    expect(spellings.map((host) => hostOf(`http://${host}/`))).toEqual(
      Array(3).fill('[::ffff:a9fe:a9fe]'),
    );
    expect(addressIn('[::ffff:a9fe:a9fe]')).toBe('::ffff:a9fe:a9fe');
    expect(addressIn('example.org')).toBeUndefined();
  });

  test.each([
    ['user:pass@', 'https://user:pass@example.org/'],
    ['user@', 'https://user@example.org/'],
    ['@', 'https://@example.org/'],
    ['another host before an @', 'https://example.org@evil.test/'],
    ['an encoded @', 'https://example.org%40evil.test/'],
    ['a NUL', 'https://evil.test\u0000.example.org/'],
    ['an encoded NUL', 'https://evil.test%00.example.org/'],
    ['a backslash', 'https://evil.test\\@example.org/'],
    ['a tab', 'https://exa\tmple.org/'],
    ['a line', 'https://example.org/\r\nHost: evil.test'],
    ['a blank before', ' https://example.org/'],
    ['a wide blank', 'https://example\u3000.org/'],
    ['no slashes', 'https:example.org'],
    ['three slashes', 'https:///example.org/'],
    ['no host', 'https://'],
    ['dots alone', 'https://./'],
    ['two dots at the end', 'https://example.org../'],
    ['a zone', 'http://[fe80::1%25eth0]/'],
    ['a file', 'file:///etc/passwd'],
    ['another protocol', 'gopher://example.org/'],
    ['a script', 'javascript:alert(1)'],
    ['the port of mail', 'http://example.org:25/'],
    ['the port of SSH', 'http://example.org:22/'],
    ['the port of X11', 'http://example.org:6000/'],
    ['no number as a port', 'http://example.org:http/'],
    ['a port beyond all', 'http://example.org:65536/'],
    ['nothing', ''],
  ])('with %s is refused: %j', (_, text) => {
    expect(readDestination(text)).toMatchObject({ ok: false, refusal: { code: 'args.invalid' } });
  });

  test('in its form stays as it is', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, validSchemes: ['http', 'https'] }),
        (text) => {
          const once = readDestination(text);
          fc.pre(once.ok);
          expect(readDestination(once.value.url)).toEqual(once);
        },
      ),
      cases(200),
    );
  });
});
