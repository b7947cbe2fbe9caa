import { bytesDigest, type Digest } from '../encoding/index.ts';
import type { Head } from '../ledger/index.ts';
import { digestBytes, putDigest } from './hash.ts';

/*
 * Hashes of the map of stream heads. Each begins with a line that names what is hashed, so that
 * neither an entry, nor a node of the tree, nor another thing of the map can stand for it.
 */

const utf8 = new TextEncoder();
const keyLine = utf8.encode('chancery:heads-key:v1\n');
const leafLine = utf8.encode('chancery:heads-leaf:v1\n');
const forkLine = utf8.encode('chancery:heads-fork:v1\n');

/** Hash of a part of the map that has no stream. */
export const emptyHeads: Digest = bytesDigest('chancery:heads-empty:v1\n');

/** Place of a stream: the bits of this digest, the highest first, are its way from the root. */
export function headsKey(stream: string): Digest {
  return bytesDigest(joined(keyLine, utf8.encode(stream)));
}

/** Hash of a part of the map that has one stream: key ‖ seq (uint64, big-endian) ‖ digest. */
export function leafOf(key: Digest, { seq, digest }: Head): Digest {
  const bytes = new Uint8Array(2 * digestBytes + 8);
  putDigest(key, bytes, 0);
  new DataView(bytes.buffer).setBigUint64(digestBytes, BigInt(seq));
  putDigest(digest, bytes, digestBytes + 8);
  return bytesDigest(joined(leafLine, bytes));
}

/** Hash of a part of the map that has several streams: those whose next bit is 0 ‖ is 1. */
export function forkOf(zero: Digest, one: Digest): Digest {
  const bytes = new Uint8Array(2 * digestBytes);
  putDigest(zero, bytes, 0);
  putDigest(one, bytes, digestBytes);
  return bytesDigest(joined(forkLine, bytes));
}

/** Bit `depth` of a key, the highest first. */
export function bitOf(key: Digest, depth: number): 0 | 1 {
  const digit = Number.parseInt(key.charAt(Math.floor(depth / 4)), 16);
  return (digit >> (3 - (depth % 4))) % 2 === 1 ? 1 : 0;
}

function joined(line: Uint8Array, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(line.length + rest.length);
  bytes.set(line);
  bytes.set(rest, line.length);
  return bytes;
}
