import type { Digest } from '../encoding/index.ts';
import type { SealedEntry } from '../ledger/index.ts';
import { worldDigest, type World } from '../world/index.ts';
import { openRunState, type RunState } from './run-state.ts';

/** A run, folded again from its entries. */
export interface Replay {
  readonly state: RunState;
  readonly world: World;
  readonly worldDigest: Digest;
  /** Whether `run.finished` tells this digest; undefined while that entry is not reached. */
  readonly matches: boolean | undefined;
}

/**
 * Folds the entries of one run, in order from its first, up to and with `atSeq`. Calls no model and
 * no capability.
 * @throws {Fault} when the entries are not those of one run without gap, or a delta does not apply.
 */
export function replayRun(
  stream: string,
  entries: Iterable<SealedEntry>,
  atSeq = Number.MAX_SAFE_INTEGER,
): Replay {
  const state = openRunState(stream);
  for (const sealed of entries) {
    if (sealed.entry.seq > atSeq) break;
    state.advance(sealed);
  }
  return replayOf(state);
}

/** What a run has come to whose entries were all folded into `state`. */
export function replayOf(state: RunState): Replay {
  const { world, finished } = state;
  const digest = worldDigest(world);
  const matches = finished === undefined ? undefined : finished.worldDigest === digest;
  return { state, world, worldDigest: digest, matches };
}
