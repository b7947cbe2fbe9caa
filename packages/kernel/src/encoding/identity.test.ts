import { describe, expect, test } from 'vitest';
import { sha256Hex } from './crypto.node.ts';
import { bytesDigest, isDigest, objectDigest } from './digest.ts';
import { ed25519Signer } from './crypto.node.ts';
import { isKeyId, signerOf, verifySignature } from './key.ts';

const signer = signerOf(ed25519Signer(new Uint8Array(32).fill(1)));

describe('a digest', () => {
  test.each<readonly [unknown, boolean]>([
    ['a'.repeat(64), true],
    ['A'.repeat(64), false],
    ['a'.repeat(63), false],
    [`${'a'.repeat(64)}\n`, false],
    ['g'.repeat(64), false],
    [1, false],
    [undefined, false],
  ])('%j: %s', (value, is) => {
    expect(isDigest(value)).toBe(is);
  });

  test('of an object is over its type and its canonical text', () => {
    expect(objectDigest('action', { b: 1, a: '\u20ac' })).toBe(
      sha256Hex('chancery:action:v1\n{"a":"\u20ac","b":1}'),
    );
  });

  test('of equal objects of two types differs', () => {
    expect(objectDigest('action', {})).not.toBe(objectDigest('intent', {}));
  });

  test('of bytes is plain SHA-256', () => {
    expect(bytesDigest('abc')).toBe(sha256Hex('abc'));
  });
});

describe('a key id', () => {
  test.each<readonly [unknown, boolean]>([
    [signer.id, true],
    [signer.id.toUpperCase(), false],
    [signer.id.slice(1), false],
    [`${signer.id}0`, false],
    [signer.id.replace('ed25519', 'rsa'), false],
    [null, false],
  ])('%j: %s', (value, is) => {
    expect(isKeyId(value)).toBe(is);
  });
});

describe('verifySignature', () => {
  const message = new TextEncoder().encode('message');
  const signature = signer.sign(message);

  test('is true for a signature by the key', () => {
    expect(verifySignature(signer.id, message, signature)).toBe(true);
  });

  test.each([
    ['a malformed key', 'ed25519:00', signature],
    ['a key that is no point of the curve', `ed25519:${'02'.padEnd(64, '0')}`, signature],
    ['a signature of the wrong length', signer.id, signature.slice(2)],
    ['a signature in capitals', signer.id, signature.toUpperCase()],
    [
      'a changed signature',
      signer.id,
      signature.replace(/^../, (two) => (two === '00' ? '01' : '00')),
    ],
  ])('is false for %s', (_what, id, hex) => {
    expect(verifySignature(id, message, hex)).toBe(false);
  });
});
