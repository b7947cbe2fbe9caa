import { type Json } from '@chancery/kernel/encoding';
import { type Entry } from '@chancery/kernel/ledger';
import { type Proposal, type TrialSets } from './model.ts';
import { RunSimulation } from './run-simulation.ts';
import { RunTally, type Tally } from './tally.ts';

export interface SimulatedRunOptions {
  /** Which of the ledgers that are gone through. */
  readonly source: number;
  readonly run: string;
  /** What decides at a position, and what would; positions are asked for in their order. */
  readonly setsAt: (position: number) => TrialSets;
  /** Decisions from this time on are made again, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** One run as it is gone through: of its entries, those that matter here. */
export class SimulatedRun {
  private readonly options: SimulatedRunOptions;
  private readonly counting = new RunTally();
  private simulation: RunSimulation | undefined;
  private isConcerned = false;

  constructor(options: SimulatedRunOptions) {
    this.options = options;
  }

  /** Takes the next entry of the run. `asked`: see `questionOf`; undefined where it cannot be read. */
  take(entry: Entry, position: number, asked: Json | undefined): void {
    if (entry.kind === 'run.started') this.simulation = new RunSimulation(entry.body.actor);
    if (!isProposal(entry) || this.simulation === undefined) return;
    const { source, run, setsAt, sinceMs } = this.options;
    if (entry.at < sinceMs) return;
    this.isConcerned = true;
    const redecision = this.simulation.advance(entry, asked, setsAt(position));
    const intent =
      entry.kind === 'proposal.rejected' ? entry.body.intent : entry.body.action.intent;
    this.counting.take(redecision, { source, run, seq: entry.seq, position, intent });
  }

  /** Undefined where nothing of it was decided in the time that is asked about. */
  tally(): Tally | undefined {
    return this.isConcerned ? this.counting.tally() : undefined;
  }
}

/** Whether an entry tells how an intent was decided. */
export function isProposal(entry: Entry): entry is Proposal {
  const { kind } = entry;
  return (
    kind === 'proposal.staged' || kind === 'proposal.suspended' || kind === 'proposal.rejected'
  );
}
