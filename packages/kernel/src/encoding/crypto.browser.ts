import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesOfHex, hexOfBytes } from './bytes.ts';
import type { Ed25519Signer } from './ed25519-signer.ts';
import { rsaHolds } from './rsa.ts';
import type { Hash, SignatureKey, SignedMessage } from './signature-key.ts';
import { isStrictSignature } from './strict-signature.ts';

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

const { Point } = ed25519;
const { Fn: scalars } = Point;

/**
 * Whether `signatureHex` is a signature over `message` by the raw public key: RFC 8032, section
 * 5.1.7, in the strict profile of `verifySignature`. What the library has by itself multiplies the
 * equation by the cofactor, and would take signatures that Node refuses.
 */
export function ed25519Verify(
  publicKeyHex: string,
  message: Uint8Array,
  signatureHex: string,
): boolean {
  if (!isStrictSignature(publicKeyHex, signatureHex)) return false;
  const key = bytesOfHex(publicKeyHex);
  const commitment = bytesOfHex(signatureHex.slice(0, 64));
  const scalar = littleEndian(bytesOfHex(signatureHex.slice(64)));
  if (scalar >= scalars.ORDER) return false;
  const point = pointOf(key);
  if (point === undefined) return false;
  const hash = sha512.create().update(commitment).update(key).update(message).digest();
  const challenge = scalars.create(littleEndian(hash));
  const expected = Point.BASE.multiplyUnsafe(scalar).subtract(point.multiplyUnsafe(challenge));
  return expected.toHex() === signatureHex.slice(0, 64);
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${hexOfBytes(bytes.toReversed())}`);
}

/** Undefined for bytes that no point of the curve is written as. */
function pointOf(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

const hashes = { sha1, sha256, sha384, sha512 } as const;

/** Digest of bytes in lowercase hexadecimal. SHA-1 only names what is known by more than its digest. */
export function digestHex(name: Hash | 'sha1', bytes: Uint8Array): string {
  return hexOfBytes(hashes[name](bytes));
}

/** Whether a message is signed with this key: RSASSA-PKCS1-v1_5 (RFC 8017) or ECDSA (FIPS 186-5). */
export function signatureHolds(key: SignatureKey, signed: SignedMessage): boolean {
  const { hash, message, signature } = signed;
  const digest = hashes[hash](message);
  if (key.kind === 'rsa') return rsaHolds(key, hash, hexOfBytes(digest), signature);
  const curve = key.curve === 'p256' ? p256 : p384;
  try {
    return curve.verify(signature, digest, key.point, { prehash: false, lowS: false });
  } catch {
    // No point of the curve.
    return false;
  }
}
