import type { Json } from '@chancery/kernel/encoding';
import type { Entry } from '@chancery/kernel/ledger';
import { noRunPolicies, type RunPolicies } from '@chancery/kernel/policy';
import type { ActiveSets, Proposal, Redecision } from './model.ts';
import { RunSimulation } from './run-simulation.ts';
import { RunTally, type Tally } from './tally.ts';

export interface SimulatedRunOptions {
  /** Which of the ledgers that are gone through. */
  readonly source: number;
  readonly run: string;
  /** What decides at a position, and what would; positions are asked for in their order. */
  readonly setsAt: (position: number) => ActiveSets;
  /** Decisions from this time on are made again, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** One run as it is gone through: of its entries, those that matter here. */
export class SimulatedRun {
  private readonly options: SimulatedRunOptions;
  private readonly counting = new RunTally();
  private simulation: RunSimulation | undefined;
  /** Undefined where they are not known. */
  private own: RunPolicies | undefined;
  private isConcerned = false;

  constructor(options: SimulatedRunOptions) {
    this.options = options;
  }

  /** Takes the policies of the run alone, before its start, as it has recorded them. */
  narrow(own: RunPolicies): void {
    this.own = own;
  }

  /** Takes the next entry of the run. `asked`: see `questionOf`; undefined where it cannot be read. */
  take(entry: Entry, position: number, asked: Json | undefined): void {
    if (entry.kind === 'run.started') {
      this.simulation = new RunSimulation(entry.body.actor);
      if (entry.body.policies === undefined) this.own = noRunPolicies;
    }
    if (!isProposal(entry) || this.simulation === undefined) return;
    const { source, run, setsAt, sinceMs } = this.options;
    if (entry.at < sinceMs) return;
    this.isConcerned = true;
    const redecision = this.redecision(this.simulation, entry, asked, setsAt(position));
    const intent =
      entry.kind === 'proposal.rejected' ? entry.body.intent : entry.body.action.intent;
    this.counting.take(redecision, { source, run, seq: entry.seq, position, intent });
  }

  /** Without what narrowed it nobody can say what was decided. */
  private redecision(
    simulation: RunSimulation,
    proposal: Proposal,
    asked: Json | undefined,
    { active, tried }: ActiveSets,
  ): Redecision {
    const { own } = this;
    if (own === undefined) return simulation.advance(proposal, undefined, { active, tried });
    const sets = { active: active.narrowedBy(own), tried: tried.narrowedBy(own) };
    return simulation.advance(proposal, asked, sets);
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
