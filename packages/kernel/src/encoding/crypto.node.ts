import {
  createPrivateKey,
  createPublicKey,
  hash,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import type { Ed25519Signer } from './ed25519-signer.ts';
import type { Hash, SignatureKey, SignedMessage } from './signature-key.ts';
import { isStrictSignature } from './strict-signature.ts';

/*
 * The one door of the kernel to the machine: SHA-256 (FIPS 180-4) and Ed25519 (RFC 8032), and what others sign timestamps with.
 * A browser gets another file with the same functions through the package's `imports`.
 */

/** DER headers of RFC 8410 that stand before the 32 raw bytes of a key. */
const pkcs8Header = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex');

const publicKeys = new Map<string, KeyObject>();
const publicKeysKept = 1024;

/** SHA-256 of UTF-8 text or of bytes, in lowercase hexadecimal. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

function publicKey(rawHex: string): KeyObject {
  const known = publicKeys.get(rawHex);
  if (known !== undefined) return known;
  const key = createPublicKey({
    key: Buffer.concat([spkiHeader, Buffer.from(rawHex, 'hex')]),
    format: 'der',
    type: 'spki',
  });
  if (publicKeys.size >= publicKeysKept) publicKeys.clear();
  publicKeys.set(rawHex, key);
  return key;
}

/** A signer for a 32-byte seed; the seed itself stays inside. */
export function ed25519Signer(seed: Uint8Array): Ed25519Signer {
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Header, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKeyHex: der.subarray(spkiHeader.length).toString('hex'),
    sign: (message) => sign(null, message, key).toString('hex'),
  };
}

/**
 * Whether `signatureHex` is a signature over `message` by the raw public key: RFC 8032, section
 * 5.1.7, in the strict profile of `verifySignature`. OpenSSL sees to `S` and to the equation; what it
 * takes for a point depends on its version.
 */
export function ed25519Verify(
  publicKeyHex: string,
  message: Uint8Array,
  signatureHex: string,
): boolean {
  if (!isStrictSignature(publicKeyHex, signatureHex)) return false;
  return verify(null, message, publicKey(publicKeyHex), Buffer.from(signatureHex, 'hex'));
}

/** Digest of bytes in lowercase hexadecimal. SHA-1 only names what is known by more than its digest. */
export function digestHex(name: Hash | 'sha1', bytes: Uint8Array): string {
  return hash(name, bytes, 'hex');
}

/** Whether a message is signed with this key: RSASSA-PKCS1-v1_5 (RFC 8017) or ECDSA (FIPS 186-5). */
export function signatureHolds(key: SignatureKey, signed: SignedMessage): boolean {
  const { hash: name, message, signature } = signed;
  try {
    const object = createPublicKey({ key: jwkOf(key), format: 'jwk' });
    return verify(name, message, { key: object, dsaEncoding: 'ieee-p1363' }, signature);
  } catch (error) {
    // No point of the curve, say. What OpenSSL takes for no key has signed nothing.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

function jwkOf(key: SignatureKey): JsonWebKey {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  if (key.kind === 'rsa') return { kty: 'RSA', n: text(key.modulus), e: text(key.exponent) };
  const { curve, point } = key;
  const size = (point.length - 1) / 2;
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  return { kty: 'EC', crv: curve === 'p256' ? 'P-256' : 'P-384', x: text(x), y: text(y) };
}
