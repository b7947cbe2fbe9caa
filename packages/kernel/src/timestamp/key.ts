import type { SignatureKey } from '../encoding/index.ts';
import { curves, ecOid, rsaOid } from './algorithms.ts';
import { elementIn, partsOf, tags, type Element } from './der.ts';
import { bitsOf, magnitudeOf, oidOf } from './values.ts';

/** RSA moduli that are believed, of 2,048 to 8,192 bits; a larger one would take a verifier long. */
const modulusBytes = { min: 256, max: 1_024 };
const exponentBytesMax = 4;
const pointBytes = { p256: 65, p384: 97 } as const;
/** A point is written as both of its coordinates (SEC 1, section 2.3.3). */
const uncompressed = 4;

/** The key in a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7); undefined where it is not believed. */
export function readKey(info: Element | undefined): SignatureKey | undefined {
  const [algorithm, bits, ...more] = partsOf(info, tags.sequence) ?? [];
  const [type, parameters] = partsOf(algorithm, tags.sequence) ?? [];
  const bytes = bitsOf(bits);
  if (bytes === undefined || more.length > 0) return undefined;
  if (oidOf(type) === rsaOid) return rsaKey(bytes);
  return oidOf(type) === ecOid ? ecKey(bytes, oidOf(parameters)) : undefined;
}

function rsaKey(bytes: Uint8Array): SignatureKey | undefined {
  const parts = partsOf(elementIn(bytes), tags.sequence) ?? [];
  const [modulus, exponent] = parts.map(magnitudeOf);
  if (modulus === undefined || exponent === undefined || parts.length > 2) return undefined;
  const { min, max } = modulusBytes;
  const isLong = modulus.length > min || (modulus.length === min && isHigh(modulus));
  const isFit = isLong && modulus.length <= max && isOdd(modulus);
  const isOne = exponent.length === 1 && exponent[0] === 1;
  const isExponent = exponent.length <= exponentBytesMax && isOdd(exponent) && !isOne;
  return isFit && isExponent ? { kind: 'rsa', modulus, exponent } : undefined;
}

function isOdd(bytes: Uint8Array): boolean {
  return bytes.subarray(-1).some((byte) => byte % 2 === 1);
}

/** Whether the highest bit of its first byte is set. */
function isHigh(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 1).some((byte) => byte >= 0x80);
}

function ecKey(point: Uint8Array, named: string | undefined): SignatureKey | undefined {
  const curve = curves.get(named ?? '');
  if (curve === undefined || point.length !== pointBytes[curve]) return undefined;
  return point[0] === uncompressed ? { kind: 'ec', curve, point } : undefined;
}
