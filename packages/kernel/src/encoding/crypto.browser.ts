import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesOfHex, hexOfBytes } from './bytes.ts';
import { type Ed25519Signer } from './ed25519-signer.ts';

/*
 * The functions of `crypto.node.ts` where there is no Node: a browser's own are asynchronous, and the
 * kernel is not.
 */

const encoder = new TextEncoder();

/** SHA-256 of UTF-8 text or of bytes, in lowercase hexadecimal. */
export function sha256Hex(data: string | Uint8Array): string {
  return hexOfBytes(sha256(typeof data === 'string' ? encoder.encode(data) : data));
}

/** A signer for a 32-byte seed. */
export function ed25519Signer(seed: Uint8Array): Ed25519Signer {
  return {
    publicKeyHex: hexOfBytes(ed25519.getPublicKey(seed)),
    sign: (message) => hexOfBytes(ed25519.sign(message, seed)),
  };
}

/** Whether `signatureHex` is a signature over `message` by the raw public key (RFC 8032, strict). */
export function ed25519Verify(
  publicKeyHex: string,
  message: Uint8Array,
  signatureHex: string,
): boolean {
  const key = bytesOfHex(publicKeyHex);
  return ed25519.verify(bytesOfHex(signatureHex), message, key, { zip215: false });
}
