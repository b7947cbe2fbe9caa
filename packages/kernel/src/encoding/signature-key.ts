/** Hash functions under signatures of others. */
export type Hash = 'sha256' | 'sha384' | 'sha512';

/** P-256 and P-384 (FIPS 186-5). */
export type Curve = 'p256' | 'p384';

/** A public key of others, checked to be of a size that is believed. Numbers are big-endian, without zeros before them. */
export type SignatureKey =
  | { readonly kind: 'rsa'; readonly modulus: Uint8Array; readonly exponent: Uint8Array }
  /** The point is written as both of its coordinates (SEC 1, section 2.3.3). */
  | { readonly kind: 'ec'; readonly curve: Curve; readonly point: Uint8Array };

export interface SignedMessage {
  readonly hash: Hash;
  readonly message: Uint8Array;
  /** As RSA has it; of ECDSA both numbers, each of as many bytes as the curve has. */
  readonly signature: Uint8Array;
}
