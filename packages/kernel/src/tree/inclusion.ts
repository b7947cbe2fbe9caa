import { isDigest, type Digest } from '../encoding/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { nodeDigest } from './hash.ts';
import { rangeRoots, splitOf, type NodeSource, type Range } from './range.ts';

/** That a leaf stands at `index` in the tree of `size` leaves (RFC 6962, section 2.1.1). */
export interface InclusionProof {
  readonly type: 'inclusion';
  readonly index: number;
  readonly size: number;
  /** From the sibling of the leaf up to the child of the root. */
  readonly path: readonly Digest[];
}

/** Refuses `proof.unavailable` for what the tree does not have, and what the source refuses. */
export function proveInclusion(
  read: NodeSource,
  index: number,
  size: number,
): Result<InclusionProof> {
  if (!isPlace(index, size)) {
    return refused('proof.unavailable', `there is no leaf ${index} in a tree of ${size}`);
  }
  const path = rangeRoots(read, siblings(index, size));
  return path.ok ? done({ type: 'inclusion', index, size, path: path.value }) : path;
}

/**
 * Whether `leaf` (an entry's digest) is where the proof says, under a root that is trusted. Follows
 * RFC 9162, section 2.1.3.2. Refuses `proof.invalid`.
 */
export function verifyInclusion(
  { index, size, path }: InclusionProof,
  leaf: Digest,
  root: Digest,
): Refusal | undefined {
  if (!isPlace(index, size)) return invalid(`there is no leaf ${index} in a tree of ${size}`);
  if (![leaf, root, ...path].every(isDigest)) return invalid('it holds what is not a digest');
  let [at, last] = [index, size - 1];
  let node = leaf;
  for (const sibling of path) {
    if (last === 0) return invalid('its path is too long');
    if (at % 2 === 1 || at === last) {
      node = nodeDigest(sibling, node);
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      node = nodeDigest(node, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  if (last !== 0) return invalid('its path is too short');
  return node === root ? undefined : invalid('it leads to another root');
}

function siblings(index: number, size: number): readonly Range[] {
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.unshift({ from: middle, to });
      to = middle;
    } else {
      ranges.unshift({ from, to: middle });
      from = middle;
    }
  }
  return ranges;
}

function isPlace(index: number, size: number): boolean {
  return Number.isSafeInteger(size) && Number.isSafeInteger(index) && index >= 0 && index < size;
}

function invalid(message: string): Refusal {
  return refusal('proof.invalid', `the proof of inclusion does not hold: ${message}`);
}
