import { bytesDigest, type Digest } from '../encoding/index.ts';

/** Root of the tree without a leaf (RFC 6962, section 2.1): the hash of nothing. */
export const emptyRoot: Digest = bytesDigest('');

export const digestBytes = 32;

const hexDigits = '0123456789abcdef';
const nibbles = new Uint8Array(128);
for (let value = 0; value < 16; value += 1) nibbles[hexDigits.charCodeAt(value)] = value;

/** Writes the bytes of a digest into `target`. */
export function putDigest(digest: Digest, target: Uint8Array, offset: number): void {
  for (let index = 0; index < digestBytes; index += 1) {
    const high = nibbles[digest.charCodeAt(index * 2)] ?? 0;
    const low = nibbles[digest.charCodeAt(index * 2 + 1)] ?? 0;
    target[offset + index] = high * 16 + low;
  }
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The digest whose bytes stand in `source`. */
export function digestAt(source: Uint8Array, offset: number): Digest {
  let digest = '';
  for (let index = 0; index < digestBytes; index += 1) {
    digest += hexOfByte[source[offset + index] ?? 0] ?? '';
  }
  return digest;
}

/** Written anew by each call and read before it returns. */
const pair = new Uint8Array(1 + 2 * digestBytes);
pair[0] = 1;

/** RFC 6962 hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeDigest(left: Digest, right: Digest): Digest {
  putDigest(left, pair, 1);
  putDigest(right, pair, 1 + digestBytes);
  return bytesDigest(pair);
}

/** `nodeDigest` of two digests whose bytes stand side by side in `source`. */
export function nodeDigestAt(source: Uint8Array, offset: number): Digest {
  pair.set(source.subarray(offset, offset + 2 * digestBytes), 1);
  return bytesDigest(pair);
}
