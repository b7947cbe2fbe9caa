import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { hexOfBytes } from './bytes.ts';
import { isUsableKey } from './key-point.ts';

/** What another implementation says of it, in its strict reading (RFC 8032). */
function isPoint(hex: string): boolean {
  try {
    return !ed25519.Point.fromHex(hex, false).isSmallOrder();
  } catch {
    return false;
  }
}

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hexOfBytes);
const publicKeys = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((seed) => hexOfBytes(ed25519.getPublicKey(seed)));

test('law: a key is one that another implementation takes for a point of no small order', () => {
  fc.assert(
    fc.property(fc.oneof(bytes, publicKeys), (hex) => {
      expect(isUsableKey(`ed25519:${hex}`)).toBe(isPoint(hex));
    }),
    cases(100),
  );
});

test('law: whatever key was made can be used', () => {
  fc.assert(
    fc.property(publicKeys, (hex) => {
      expect(isUsableKey(`ed25519:${hex}`)).toBe(true);
    }),
    cases(100),
  );
});

test.each([
  ['of small order', `01${'00'.repeat(31)}`],
  ['of zeros', '00'.repeat(32)],
  ['in a second form', `ef${'ff'.repeat(30)}7f`],
  ['of no point', 'deadbeef'.repeat(8)],
  ['that is too short', '00'],
])('there is no key %s', (_what, hex) => {
  expect(isUsableKey(`ed25519:${hex}`)).toBe(false);
});
