import { ed25519Verify } from '#crypto';
import type { Ed25519Signer } from './ed25519-signer.ts';

/** Name of a principal: `ed25519:` and the 64 hex digits of its raw public key. */
export type KeyId = string;

const keyIdForm = /^ed25519:[0-9a-f]{64}$/;
const signatureForm = /^[0-9a-f]{128}$/;

export function isKeyId(value: unknown): value is KeyId {
  return typeof value === 'string' && keyIdForm.test(value);
}

/** Someone who can sign. The private key never leaves it. */
export interface Signer {
  readonly id: KeyId;
  /** Ed25519 signature (RFC 8032) over the message, 128 hex digits. */
  readonly sign: (message: Uint8Array) => string;
}

export function signerOf(ed25519: Ed25519Signer): Signer {
  return { id: `ed25519:${ed25519.publicKeyHex}`, sign: ed25519.sign };
}

/**
 * Whether `signatureHex` over `message` was made by the key `id`; false for malformed input.
 *
 * RFC 8032, section 5.1.7, in a strict profile, so that every machine gives the same answer: the key
 * and `R` are in canonical form and not of small order, `S` is less than the order of the group, and
 * `[S]B = R + [k]A` holds as it stands, without the cofactor.
 */
export function verifySignature(id: KeyId, message: Uint8Array, signatureHex: string): boolean {
  if (!isKeyId(id) || !signatureForm.test(signatureHex)) return false;
  return ed25519Verify(id.slice('ed25519:'.length), message, signatureHex);
}
