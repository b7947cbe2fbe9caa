import { isDigest, type Digest } from '../encoding/index.ts';
import type { Head, StreamHead } from '../ledger/index.ts';
import { assert } from '../refusal/index.ts';
import { bitOf, emptyHeads, forkOf, headsKey, leafOf } from './heads-hash.ts';

interface Leaf {
  readonly kind: 'leaf';
  readonly key: Digest;
  readonly head: Head;
  readonly digest: Digest;
}

interface Fork {
  readonly kind: 'fork';
  readonly zero: HeadsMap;
  readonly one: HeadsMap;
  readonly digest: Digest;
}

/**
 * The heads of all streams as a tree over the bits of the streams' keys. A part with one stream is
 * its leaf, however deep it would be, so that a way has about log2 of the number of streams steps.
 * The same heads give the same root in whatever order they came. A map is a value: a changed one
 * shares with the old one what did not change.
 */
export type HeadsMap = { readonly kind: 'empty'; readonly digest: Digest } | Leaf | Fork;

export const emptyHeadsMap: HeadsMap = { kind: 'empty', digest: emptyHeads };

/**
 * The map with these heads in place of older ones. Costs a hash for each fork above a changed leaf,
 * shared ones once.
 * @throws {Fault} when a head is not later than the one that is there, or a stream is named twice.
 */
export function withHeads(map: HeadsMap, heads: readonly StreamHead[]): HeadsMap {
  const leaves = heads.map(({ stream, head }) => {
    assert(isDigest(head.digest) && Number.isSafeInteger(head.seq) && head.seq >= 0, stream);
    const key = headsKey(stream);
    return { kind: 'leaf', key, head, digest: leafOf(key, head) } as const;
  });
  return merged(map, leaves, 0);
}

function merged(map: HeadsMap, leaves: readonly Leaf[], depth: number): HeadsMap {
  const [leaf, ...others] = leaves;
  if (leaf === undefined) return map;
  if (map.kind === 'empty' && others.length === 0) return leaf;
  if (map.kind === 'leaf') return displaced(map, leaves, depth);
  const [zeros, ones] = parted(leaves, depth);
  const below = map.kind === 'fork' ? map : { zero: emptyHeadsMap, one: emptyHeadsMap };
  return fork(merged(below.zero, zeros, depth + 1), merged(below.one, ones, depth + 1));
}

/** A leaf stays among the new ones, unless one of them is its own later head. */
function displaced(old: Leaf, leaves: readonly Leaf[], depth: number): HeadsMap {
  const successor = leaves.find(({ key }) => key === old.key);
  if (successor === undefined) return merged(emptyHeadsMap, [old, ...leaves], depth);
  assert(successor.head.seq > old.head.seq, 'a stream head does not go back');
  return merged(emptyHeadsMap, leaves, depth);
}

function parted(
  leaves: readonly Leaf[],
  depth: number,
): readonly [readonly Leaf[], readonly Leaf[]] {
  assert(depth < 256, 'a stream is named twice');
  const sides: [Leaf[], Leaf[]] = [[], []];
  for (const leaf of leaves) sides[bitOf(leaf.key, depth)].push(leaf);
  return sides;
}

function fork(zero: HeadsMap, one: HeadsMap): Fork {
  return { kind: 'fork', zero, one, digest: forkOf(zero.digest, one.digest) };
}
