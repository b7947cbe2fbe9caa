import type { Digest } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import type { Checkpoint } from '../tree/index.ts';

/** The root of the tree, and that of the map of stream heads, after some number of entries. */
export interface Roots {
  readonly size: number;
  readonly root: Digest;
  /** Undefined where a stream has gone back, of which no map tells. */
  readonly heads: Digest | undefined;
}

/**
 * Compares a checkpoint with the roots of a ledger of its size; `found` is the number of entries
 * that are here. Refuses `checkpoint.mismatch`; `details.size` tells that of the checkpoint.
 */
export function matches(
  checkpoint: Checkpoint,
  roots: Roots | undefined,
  found: number,
): Result<null> {
  const { size, root, heads } = checkpoint;
  if (roots === undefined) {
    return mismatch(
      size,
      `it was signed for ${size} entries, and ${found} are here: the end was cut off`,
    );
  }
  if (roots.root !== root) {
    return mismatch(
      size,
      `the first ${size} entries are not those that it was signed for: the ledger was written anew`,
    );
  }
  if (heads !== undefined && heads !== roots.heads) {
    return mismatch(size, 'it tells other heads of streams than its own entries have');
  }
  return done(null);
}

function mismatch(size: number, message: string): Result<never> {
  return refused('checkpoint.mismatch', message, { details: { size } });
}
