import type { Curve, Hash } from '../encoding/index.ts';
import { partsOf, tags, type Element } from './der.ts';
import { oidOf } from './values.ts';

interface SignatureAlgorithm {
  readonly key: 'rsa' | 'ec';
  /** Undefined where another field tells it. */
  readonly hash: Hash | undefined;
}

/** Hash functions that are believed, by object identifier (RFC 5754). */
export const hashes: ReadonlyMap<string, Hash> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

export const sha256Oid = '2.16.840.1.101.3.4.2.1';
export const rsaOid = '1.2.840.113549.1.1.1';
export const ecOid = '1.2.840.10045.2.1';

/** By object identifier: RSA as PKCS #1 version 1.5 has it (RFC 8017), ECDSA (RFC 5758). */
export const signatureAlgorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  [rsaOid, { key: 'rsa', hash: undefined }],
  ['1.2.840.113549.1.1.11', { key: 'rsa', hash: 'sha256' }],
  ['1.2.840.113549.1.1.12', { key: 'rsa', hash: 'sha384' }],
  ['1.2.840.113549.1.1.13', { key: 'rsa', hash: 'sha512' }],
  ['1.2.840.10045.4.3.2', { key: 'ec', hash: 'sha256' }],
  ['1.2.840.10045.4.3.3', { key: 'ec', hash: 'sha384' }],
  ['1.2.840.10045.4.3.4', { key: 'ec', hash: 'sha512' }],
]);

/** By object identifier (RFC 5480). */
export const curves: ReadonlyMap<string, Curve> = new Map([
  ['1.2.840.10045.3.1.7', 'p256'],
  ['1.3.132.0.34', 'p384'],
]);

/** The hash function that an AlgorithmIdentifier names; undefined for one that is not believed. */
export function hashOf(element: Element | undefined): Hash | undefined {
  const oid = algorithmOf(element);
  return oid === undefined ? undefined : hashes.get(oid);
}

/** The object identifier in an AlgorithmIdentifier (RFC 5280, section 4.1.1.2). */
export function algorithmOf(element: Element | undefined): string | undefined {
  const parts = partsOf(element, tags.sequence);
  return parts === undefined || parts.length > 2 ? undefined : oidOf(parts[0]);
}
