import { bytesOfHex } from './bytes.ts';
import { isKeyId } from './key.ts';
import { isStrictPoint } from './strict-signature.ts';

/** The prime of the field, and `d` of the curve −x² + y² = 1 + dx²y² (RFC 8032, section 5.1). */
const p = 2n ** 255n - 19n;
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/**
 * Whether a key id names a public key that somebody can sign with: a point of the curve, in its one
 * form, and not of small order. Asked where a key is given standing; what is recorded already stays
 * as it was judged.
 */
export function isUsableKey(id: unknown): boolean {
  if (!isKeyId(id)) return false;
  const hex = id.slice('ed25519:'.length);
  return isStrictPoint(hex) && isOnCurve(hex);
}

/** Whether there is an `x` for this `y`: (y² − 1) / (dy² + 1) is a square, by Euler's criterion. */
function isOnCurve(hex: string): boolean {
  const bytes = bytesOfHex(hex);
  const bigEndian = Array.from(bytes).reverse();
  const y = bigEndian.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) % 2n ** 255n;
  const square = (y * y) % p;
  return power((square - 1n) * (d * square + 1n), (p - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [factor, rest] = [base % p, exponent]; rest > 0n; rest /= 2n) {
    if (rest % 2n === 1n) result = (result * factor) % p;
    factor = (factor * factor) % p;
  }
  return result;
}
