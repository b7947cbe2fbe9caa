import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { bytesOfHex, hexOfBytes } from './bytes.ts';
import * as browser from './crypto.browser.ts';
import * as node from './crypto.node.ts';
import { isStrictSignature } from './strict-signature.ts';

const { Point } = ed25519;
const { Fn: scalars, Fp: field } = Point;
const some = Point.BASE.toHex();
const torsion = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex));

interface Case {
  readonly what: string;
  readonly message: string;
  readonly publicKey: string;
  readonly signature: string;
  readonly valid: boolean;
}

const published = JSON.parse(
  readFileSync(
    new URL('../../../../tests/vectors/ed25519/speccheck.json', import.meta.url),
    'utf8',
  ),
) as readonly Case[];

const machines = [
  { machine: 'Node', ...node },
  { machine: 'a browser', ...browser },
];

describe.each(machines)('the strict profile, in $machine', ({ ed25519Verify }) => {
  test.each(published)('$what', ({ message, publicKey, signature, valid }) => {
    expect(ed25519Verify(publicKey, bytesOfHex(message), signature)).toBe(valid);
  });
});

/** Bytes of a `y` that need not be reduced. */
function encoded(y: bigint, sign: 0 | 1): string {
  const value = y | (BigInt(sign) << 255n);
  return hexOfBytes(bytesOfHex(value.toString(16).padStart(64, '0')).toReversed());
}

describe.each([
  { half: 'a key', isTaken: (hex: string) => isStrictSignature(hex, some.repeat(2)) },
  { half: 'the `R` of a signature', isTaken: (hex: string) => isStrictSignature(some, hex + some) },
])('what may be $half', ({ isTaken }) => {
  test('is no point whose order divides 8, however it is written', () => {
    const ys = new Set(torsion.map((point) => point.toAffine().y));
    expect(ys.size).toBe(5);
    for (const y of ys) {
      for (const sign of [0, 1] as const) expect(isTaken(encoded(y, sign))).toBe(false);
    }
  });

  test('is none of the 19 ways of writing a `y` once more, and may be the last `y`', () => {
    for (const sign of [0, 1] as const) {
      for (let above = 0n; above < 19n; above += 1n) {
        expect(isTaken(encoded(field.ORDER + above, sign))).toBe(false);
      }
      expect(isTaken(encoded(field.ORDER - 2n, sign))).toBe(true);
    }
  });

  test('is every key that is made', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        expect(isTaken(node.ed25519Signer(seed).publicKeyHex)).toBe(true);
      }),
      cases(100),
    );
  });
});

const scalar = fc.bigInt({ min: 1n, max: scalars.ORDER - 1n });
const part = fc.integer({ min: 0, max: 7 });
const zero = Point.ZERO;

test('Node and a browser agree on what a holder of a key can make with parts of small order', () => {
  const verdicts = { valid: 0, invalid: 0 };
  fc.assert(
    fc.property(scalar, scalar, part, part, fc.uint8Array({ maxLength: 40 }), (...made) => {
      const [secret, nonce, ofKey, ofCommitment, message] = made;
      const key = Point.BASE.multiplyUnsafe(secret)
        .add(torsion[ofKey] ?? zero)
        .toBytes();
      const commitment = Point.BASE.multiplyUnsafe(nonce)
        .add(torsion[ofCommitment] ?? zero)
        .toBytes();
      const hash = sha512.create().update(commitment).update(key).update(message).digest();
      const challenge = scalars.create(BigInt(`0x${hexOfBytes(hash.toReversed())}`));
      const response = scalars.add(nonce, scalars.mul(challenge, secret));
      const signature = hexOfBytes(commitment) + hexOfBytes(scalars.toBytes(response));
      const isValid = node.ed25519Verify(hexOfBytes(key), message, signature);
      expect(browser.ed25519Verify(hexOfBytes(key), message, signature)).toBe(isValid);
      verdicts[isValid ? 'valid' : 'invalid'] += 1;
    }),
    cases(300),
  );
  expect(verdicts.valid).toBeGreaterThan(0);
  expect(verdicts.invalid).toBeGreaterThan(0);
});

test('Node and a browser agree on any bytes', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(bytes(32), bytes(64), bytes(8), (key, signature, message) => {
      const [keyHex, signatureHex] = [hexOfBytes(key), hexOfBytes(signature)];
      expect(browser.ed25519Verify(keyHex, message, signatureHex)).toBe(
        node.ed25519Verify(keyHex, message, signatureHex),
      );
    }),
    cases(100),
  );
});
