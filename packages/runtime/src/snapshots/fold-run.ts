import type { Head } from '@chancery/kernel/ledger';
import { openRunState, resumeRunState, type RunState } from '@chancery/kernel/replay';
import { entriesOf } from '../journal/index.ts';
import { newestSnapshot, type LedgerSource, type RefusedSnapshot } from './newest.ts';

export interface FoldedRun {
  readonly state: RunState;
  /** Last entry that the snapshot covers; null where all entries were folded. */
  readonly from: Head | null;
  /** Entries that were folded. */
  readonly folded: number;
  /** Snapshots that were there and could not be used. */
  readonly refused: readonly RefusedSnapshot[];
}

export interface FoldOptions {
  /** The last entry that is folded; the last of the stream where it is not told. */
  readonly atSeq?: number;
  /** Whether every entry is folded, whatever snapshots there are. */
  readonly whole?: boolean;
}

/**
 * The state of a run's stream, from its newest snapshot that holds and the entries after it.
 * @throws {RefusalError} `ledger.corrupt` for entries that are not those of the stream.
 */
export async function foldRunState(
  source: LedgerSource,
  run: string,
  { atSeq = Number.MAX_SAFE_INTEGER, whole = false }: FoldOptions = {},
): Promise<FoldedRun> {
  const { facts, refused } = whole
    ? { facts: undefined, refused: [] }
    : await newestSnapshot(source, run, atSeq);
  const state = facts === undefined ? openRunState(run) : resumeRunState(facts);
  const from = state.head;
  const folded = await foldOn(source, state, atSeq);
  return { state, from, folded, refused };
}

/** Folds what follows in the stream, up to and with `atSeq`; how many entries that were. */
export async function foldOn(
  { store, ledger }: LedgerSource,
  state: RunState,
  atSeq = Number.MAX_SAFE_INTEGER,
): Promise<number> {
  let folded = 0;
  for await (const sealed of entriesOf(store, state.stream, { after: state.head, ledger })) {
    if (sealed.entry.seq > atSeq) break;
    state.advance(sealed);
    folded += 1;
  }
  return folded;
}
