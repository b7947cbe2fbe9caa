import { type SignatureKey } from '../encoding/index.ts';
import { curves, ecOid, rsaOid } from './algorithms.ts';
import { elementIn, partsOf, tags, type Element } from './der.ts';
import { bitsOf, magnitudeOf, oidOf } from './values.ts';

/** RSA moduli that are believed; a larger one would take a verifier long. */
const modulusBits = { min: 2_048, max: 8_192 };
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
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  const isFit = bits >= modulusBits.min && bits <= modulusBits.max && isOdd(modulus);
  const isOne = exponent.length === 1 && exponent[0] === 1;
  const isExponent = exponent.length <= exponentBytesMax && isOdd(exponent) && !isOne;
  return isFit && isExponent ? { kind: 'rsa', modulus, exponent } : undefined;
}

function isOdd(bytes: Uint8Array): boolean {
  return (bytes.at(-1) ?? 0) % 2 === 1;
}

function ecKey(point: Uint8Array, named: string | undefined): SignatureKey | undefined {
  const curve = curves.get(named ?? '');
  if (curve === undefined || point.length !== pointBytes[curve]) return undefined;
  return point[0] === uncompressed ? { kind: 'ec', curve, point } : undefined;
}
