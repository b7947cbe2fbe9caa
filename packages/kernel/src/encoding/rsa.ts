import { hexOfBytes } from './bytes.ts';
import type { Hash, SignatureKey } from './signature-key.ts';

/** DER of the DigestInfo before the digest (RFC 8017, section 9.2). */
const digestInfo: Readonly<Record<Hash, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2), for machines that have none that is synchronous: the
 * signature, raised, has to be the one text that stands for this digest, which is not taken apart.
 */
export function rsaHolds(
  { modulus, exponent }: Extract<SignatureKey, { readonly kind: 'rsa' }>,
  hash: Hash,
  digestHex: string,
  signature: Uint8Array,
): boolean {
  const [n, s] = [integerIn(modulus), integerIn(signature)];
  if (signature.length !== modulus.length || s >= n) return false;
  const told = `00${digestInfo[hash]}${digestHex}`;
  const filling = modulus.length - 2 - told.length / 2;
  if (filling < 8) return false;
  const expected = `0001${'ff'.repeat(filling)}${told}`;
  return raised(s, integerIn(exponent), n) === BigInt(`0x${expected}`);
}

function integerIn(bytes: Uint8Array): bigint {
  return BigInt(`0x0${hexOfBytes(bytes)}`);
}

function raised(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}
