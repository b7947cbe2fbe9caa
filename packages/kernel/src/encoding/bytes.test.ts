import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { bytesOfHex, decodeBase64, encodeBase64, hexOfBytes } from './bytes.ts';

describe('RFC 4648, section 10: base64', () => {
  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('writes %j as %j and reads it again', (text, base64) => {
    const bytes = new TextEncoder().encode(text);
    expect(encodeBase64(bytes)).toBe(base64);
    expect(decodeBase64(base64)).toEqual(bytes);
  });
});

describe('decodeBase64', () => {
  test.each([
    ['a missing padding', 'Zg'],
    ['too much padding', 'Zm9v===='],
    ['padding in the middle', 'Zg==Zg=='],
    ['bits after the last byte', 'Zh=='],
    ['the alphabet of URLs', '-_-_'],
    ['a line end', 'Zm9v\n'],
    ['a blank', 'Zm 9v'],
    ['a character outside the alphabet', 'Zm9*'],
  ])('refuses %s', (_what, text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });

  test('reads exactly what encodeBase64 writes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
      cases(100),
    );
  });

  test('reads a long text without running out of stack', () => {
    const text = encodeBase64(new Uint8Array(6_000_000));
    expect(decodeBase64(text)?.length).toBe(6_000_000);
  });
});

describe('hexadecimal', () => {
  test('is lowercase, two digits a byte', () => {
    expect(hexOfBytes(Uint8Array.of(0, 10, 255))).toBe('000aff');
  });

  test('is read again', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesOfHex(hexOfBytes(bytes))).toEqual(bytes);
      }),
      cases(100),
    );
  });
});
