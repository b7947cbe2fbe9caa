import { isDigest, type Digest } from '../encoding/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { emptyRoot, nodeDigest } from './hash.ts';
import { rangeRoots, splitOf, type NodeSource, type Range } from './range.ts';

/**
 * That the first `from` leaves of the tree of `to` leaves are the tree of `from` leaves (RFC 6962,
 * section 2.1.2). The path is empty for equal sizes, and for a tree that began empty.
 */
export interface ConsistencyProof {
  readonly type: 'consistency';
  readonly from: number;
  readonly to: number;
  readonly path: readonly Digest[];
}

/** Refuses `proof.unavailable` for sizes out of order, and what the source refuses. */
export function proveConsistency(
  read: NodeSource,
  from: number,
  to: number,
): Result<ConsistencyProof> {
  if (!areSizes(from, to)) {
    return refused('proof.unavailable', `a tree of ${to} does not grow out of one of ${from}`);
  }
  const path = rangeRoots(read, from === 0 ? [] : parts(from, to));
  return path.ok ? done({ type: 'consistency', from, to, path: path.value }) : path;
}

/**
 * Whether the tree with `newRoot` holds the tree with `oldRoot` as its beginning. Follows RFC 9162,
 * section 2.1.4.2. Refuses `proof.invalid`.
 */
export function verifyConsistency(
  { from, to, path }: ConsistencyProof,
  oldRoot: Digest,
  newRoot: Digest,
): Refusal | undefined {
  if (!areSizes(from, to)) return invalid(`a tree of ${to} does not grow out of one of ${from}`);
  if (![oldRoot, newRoot, ...path].every(isDigest)) return invalid('it holds what is not a digest');
  if (from === 0 || from === to) {
    if (path.length > 0) return invalid('its path is too long');
    const expected = from === to ? newRoot : emptyRoot;
    return oldRoot === expected ? undefined : invalid('the roots differ');
  }
  const [first, ...rest] = isPowerOfTwo(from) ? [oldRoot, ...path] : path;
  if (first === undefined) return invalid('its path is too short');
  return climb({ from, to }, first, rest, [oldRoot, newRoot]);
}

/** Walks from the last complete subtree of the old tree up to both roots. */
function climb(
  { from, to }: Range,
  first: Digest,
  path: readonly Digest[],
  [oldRoot, newRoot]: readonly [Digest, Digest],
): Refusal | undefined {
  let [at, last] = [from - 1, to - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [old, grown] = [first, first];
  for (const node of path) {
    if (last === 0) return invalid('its path is too long');
    if (at % 2 === 1 || at === last) {
      [old, grown] = [nodeDigest(node, old), nodeDigest(node, grown)];
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      grown = nodeDigest(grown, node);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  if (last !== 0) return invalid('its path is too short');
  if (old !== oldRoot) return invalid('it leads to another old root');
  return grown === newRoot ? undefined : invalid('it leads to another new root');
}

/** Ranges whose hashes make the path; the old tree as a whole is known to the verifier. */
function parts(size: number, of: number): readonly Range[] {
  const ranges: Range[] = [];
  let [from, to] = [0, of];
  while (size < to) {
    const middle = from + splitOf(to - from);
    if (size <= middle) {
      ranges.unshift({ from: middle, to });
      to = middle;
    } else {
      ranges.unshift({ from, to: middle });
      from = middle;
    }
  }
  return from === 0 ? ranges : [{ from, to }, ...ranges];
}

function isPowerOfTwo(size: number): boolean {
  let power = 1;
  while (power < size) power *= 2;
  return power === size;
}

function areSizes(from: number, to: number): boolean {
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to;
}

function invalid(message: string): Refusal {
  return refusal('proof.invalid', `the proof of consistency does not hold: ${message}`);
}
