import type { Digest } from '../encoding/index.ts';
import { assert, done, type Result } from '../refusal/index.ts';
import { nodeDigest } from './hash.ts';

/** Leaves `from` (inclusive) to `to` (exclusive). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads the hash of the complete subtree that is node `index` of `level`: it covers the leaves from
 * `index` × 2^level, 2^level of them. Asked only for subtrees that the tree has in full.
 */
export type NodeSource = (level: number, index: number) => Result<Digest>;

/** The largest power of two that is smaller than `width`; `width` is at least 2. */
export function splitOf(width: number): number {
  let power = 1;
  while (power * 2 < width) power *= 2;
  return power;
}

/** Hash of a range that RFC 6962 makes a subtree of: one read for each complete part of it. */
export function rangeRoot(read: NodeSource, { from, to }: Range): Result<Digest> {
  assert(from < to, 'a range without a leaf has no root');
  const parts: Digest[] = [];
  for (let at = from; at < to;) {
    let [level, width] = [0, 1];
    while (width * 2 <= to - at) [level, width] = [level + 1, width * 2];
    const part = read(level, at / width);
    if (!part.ok) return part;
    parts.push(part.value);
    at += width;
  }
  return done(parts.reduceRight((right, left) => nodeDigest(left, right)));
}

/** Hashes of several ranges, in order. */
export function rangeRoots(read: NodeSource, ranges: readonly Range[]): Result<readonly Digest[]> {
  const roots: Digest[] = [];
  for (const range of ranges) {
    const root = rangeRoot(read, range);
    if (!root.ok) return root;
    roots.push(root.value);
  }
  return done(roots);
}
