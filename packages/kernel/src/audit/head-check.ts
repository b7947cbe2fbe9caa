import { type Digest } from '../encoding/index.ts';
import { type Head } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import {
  emptyHeadsMap,
  grow,
  rootOf,
  withHeads,
  type Checkpoint,
  type Frontier,
} from '../tree/index.ts';

/** The tree of a ledger and the heads of its streams, as they grow entry by entry. */
export interface Growth {
  readonly frontier: Frontier;
  readonly heads: ReadonlyMap<string, Head>;
}

/** The root of the tree, and that of the map of stream heads, after some number of entries. */
export interface Roots {
  readonly size: number;
  readonly root: Digest;
  readonly heads: Digest;
}

export function rootsOf({ frontier, heads }: Growth): Roots {
  const all = [...heads].map(([stream, head]) => ({ stream, head }));
  const map = withHeads(emptyHeadsMap, all);
  return { size: frontier.size, root: rootOf(frontier), heads: map.digest };
}

/** The growth with one more entry; the map of heads is the caller's and is written into. */
export function grown(
  frontier: Frontier,
  heads: Map<string, Head>,
  leaf: { readonly stream: string; readonly seq: number; readonly digest: Digest },
): Frontier {
  const { stream, seq, digest } = leaf;
  heads.set(stream, { seq, digest });
  return grow(frontier, [digest]);
}

/**
 * Compares a checkpoint with the roots of a ledger of its size; `found` is the number of entries
 * that are here. Refuses `checkpoint.mismatch`.
 */
export function matches(
  checkpoint: Checkpoint,
  roots: Roots | undefined,
  found: number,
): Result<null> {
  const { size, root, heads } = checkpoint;
  if (roots === undefined) {
    return mismatch(
      `it was signed for ${size} entries, and ${found} are here: the end was cut off`,
    );
  }
  if (roots.root !== root) {
    return mismatch(
      `the first ${size} entries are not those that it was signed for: the ledger was written anew`,
    );
  }
  if (heads !== undefined && heads !== roots.heads) {
    return mismatch('it tells other heads of streams than its own entries have');
  }
  return done(null);
}

function mismatch(message: string): Result<never> {
  return refused('checkpoint.mismatch', message);
}
