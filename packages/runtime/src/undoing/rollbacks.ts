import type { Digest } from '@chancery/kernel/encoding';
import type { Body, Entry, LedgerStore } from '@chancery/kernel/ledger';
import { entriesOf } from '../journal/index.ts';
import { beginningsOf } from './beginnings.ts';

/** What other runs have undone of one, or are at. */
export interface Rollbacks {
  /** Entries of the run that are undone. */
  readonly undone: ReadonlySet<number>;
  /** Those of which nobody knows whether they are: the step was in doubt when its run was given up. */
  readonly doubted: ReadonlySet<number>;
  /** Runs that undo it and have not ended, the first one first. */
  readonly unended: readonly string[];
}

/** The runs that undo another, from the ledger as it stands. */
export async function rollbacksOf(
  store: LedgerStore,
  ledger: Digest,
  source: string,
): Promise<Rollbacks> {
  const undone = new Set<number>();
  const doubted = new Set<number>();
  const unended: { readonly stream: string; readonly position: number }[] = [];
  for (const { stream, position, from } of await beginningsOf(store)) {
    if (!from.undoes || from.source !== source) continue;
    const progress = new Progress();
    for await (const { entry } of entriesOf(store, stream, { ledger })) progress.take(entry);
    for (const seq of progress.undone) undone.add(seq);
    if (progress.hasEnded) for (const seq of progress.doubted) doubted.add(seq);
    else unended.push({ stream, position });
  }
  unended.sort((a, b) => a.position - b.position);
  return { undone, doubted, unended: unended.map(({ stream }) => stream) };
}

/** How far a run has come that undoes another. */
class Progress {
  readonly undone: number[] = [];
  doubted: readonly number[] = [];
  hasEnded = false;
  private plan: Body<'compensation.planned'> | undefined;
  private done = 0;

  take({ kind, body }: Entry): void {
    if (kind === 'run.finished') this.hasEnded = true;
    if (kind === 'compensation.planned') this.plan = body;
    // Steps are taken in their order, each by one commit.
    const step = this.plan?.steps[this.done];
    if (step === undefined) return;
    if (kind === 'execution.in-doubt') this.doubted = step.commits;
    if (kind === 'execution.reconciled') this.doubted = [];
    if (kind !== 'commit') return;
    this.done += 1;
    this.undone.push(...step.commits);
  }
}
