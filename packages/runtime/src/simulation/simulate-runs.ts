import {
  emptyTally,
  isProposal,
  questionOf,
  SimulatedRun,
  united,
  type Tally,
  type TrialEpochs,
} from '@chancery/domain/simulation';
import type { Json } from '@chancery/kernel/encoding';
import type { Body, LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import { readRunPolicies, type RunPolicies } from '@chancery/kernel/policy';
import { assert } from '@chancery/kernel/refusal';
import { entriesOf } from '../journal/index.ts';
import { ContentSource, type SubjectKeys } from '../removal/index.ts';
import { readIfThere } from './contents.ts';

/** A ledger whose runs are gone through, and what is asked of them. */
export interface SimulatedLedger {
  readonly store: LedgerStore;
  /** Of contents that are sealed. */
  readonly keys?: SubjectKeys | undefined;
  readonly epochs: TrialEpochs;
  /** Decisions from this time on, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Number of this ledger among those that are gone through. */
  readonly source: number;
}

/** A run, and the last of its entries that counts: what is appended meanwhile is left to the next. */
export interface SimulatedStream {
  readonly run: string;
  readonly lastSeq: number;
}

/**
 * Makes the decisions of runs again, one run after the other, and keeps no more of them than counts.
 * @throws {RefusalError} `ledger.corrupt`, and what the store throws.
 */
export async function simulateRuns(
  ledger: SimulatedLedger,
  runs: readonly SimulatedStream[],
): Promise<Tally> {
  const { store, keys, epochs, sinceMs, source } = ledger;
  const contents = new ContentSource(store, keys);
  let tally = emptyTally;
  for (const { run, lastSeq } of runs) {
    const setsAt = (position: number) => epochs.at(position);
    const simulated = new SimulatedRun({ source, run, setsAt, sinceMs });
    for await (const sealed of entriesOf(store, `run:${run}`)) {
      const { entry, position } = sealed;
      if (entry.seq > lastSeq) break;
      assert(position !== undefined, 'an entry that was read has a position');
      const own = entry.kind === 'run.started' ? await ownIn(entry.body, contents) : undefined;
      if (own !== undefined) simulated.narrow(own);
      simulated.take(entry, position, await askedIn(sealed, contents));
    }
    const counted = simulated.tally();
    if (counted !== undefined) tally = united(tally, counted);
  }
  return tally;
}

function askedIn(
  { entry }: SealedEntry,
  contents: ContentSource,
): Promise<Json | undefined> | undefined {
  const question = isProposal(entry) ? questionOf(entry) : undefined;
  return question === undefined ? undefined : readIfThere(contents, question);
}

/** The policies of a run alone; undefined where one of them cannot be read. */
async function ownIn(
  { policies = [], actor }: Body<'run.started'>,
  contents: ContentSource,
): Promise<RunPolicies | undefined> {
  const recorded = await Promise.all(
    policies.map(async ({ bundle, envelope }) => ({
      bundle,
      envelope: await readIfThere(contents, envelope),
    })),
  );
  const read = readRunPolicies(recorded, actor);
  return read.ok ? read.value : undefined;
}
