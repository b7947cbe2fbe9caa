/** Hash functions that are believed, as Node names them. */
export type Hash = 'sha256' | 'sha384' | 'sha512';

export interface SignatureAlgorithm {
  readonly key: 'rsa' | 'ec';
  /** Undefined where another field tells it. */
  readonly hash: Hash | undefined;
}

/** By object identifier (RFC 5754). */
export const hashes: ReadonlyMap<string, Hash> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

export const sha256Oid = '2.16.840.1.101.3.4.2.1';

/** By object identifier: RSA as PKCS #1 version 1.5 has it (RFC 8017), ECDSA (RFC 5758). */
export const signatureAlgorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ['1.2.840.113549.1.1.1', { key: 'rsa', hash: undefined }],
  ['1.2.840.113549.1.1.11', { key: 'rsa', hash: 'sha256' }],
  ['1.2.840.113549.1.1.12', { key: 'rsa', hash: 'sha384' }],
  ['1.2.840.113549.1.1.13', { key: 'rsa', hash: 'sha512' }],
  ['1.2.840.10045.4.3.2', { key: 'ec', hash: 'sha256' }],
  ['1.2.840.10045.4.3.3', { key: 'ec', hash: 'sha384' }],
  ['1.2.840.10045.4.3.4', { key: 'ec', hash: 'sha512' }],
]);

export const rsaBitsMin = 2_048;

/** P-256 and P-384. */
export const curves: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1']);
