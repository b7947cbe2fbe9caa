import { type Amounts } from '@chancery/kernel/account';
import { evolver, type Body, type SealedEntry } from '@chancery/kernel/ledger';
import { openTrajectory, type Trajectory } from '@chancery/kernel/replay';
import { type Contents } from '../cognition/index.ts';
import { briefArgs } from './brief.ts';

/** What a run is at, as far as its own entries tell; whether somebody drives it is not among them. */
export type RunStatus =
  | { readonly phase: 'open' }
  /** A human has to vote on an action. */
  | {
      readonly phase: 'waiting';
      readonly action: string;
      readonly capability: string;
      readonly about: string;
      readonly channel: string;
      readonly rule: string;
      readonly reason: string;
    }
  /** A human has to find out whether an effect happened. */
  | { readonly phase: 'in-doubt'; readonly action: string; readonly reason: string }
  | {
      readonly phase: 'finished';
      readonly outcome: Body<'run.finished'>['outcome'];
      readonly reason: string;
      readonly commit: string | null;
      readonly worldDigest: string;
    };

/** One run, as a list shows it. Times are milliseconds since the epoch. */
export interface RunView {
  readonly run: string;
  readonly task: string;
  readonly model: string;
  readonly repository: string;
  readonly baseCommit: string;
  readonly branch: string;
  readonly worktree: string;
  readonly writ: string;
  readonly startedAtMs: number;
  /** Time of the last entry. */
  readonly lastAtMs: number;
  readonly status: RunStatus;
  readonly entries: number;
  readonly turns: number;
  readonly commits: number;
  readonly refusals: number;
  readonly holds: number;
  readonly failures: number;
  readonly spent: Amounts;
  readonly gates: Body<'run.finished'>['gates'];
}

/** Folds the stream of one run into its view. */
export class RunFold {
  readonly trajectory: Trajectory;
  private readonly run: string;
  private readonly contents: Contents;
  private status: RunStatus = { phase: 'open' };
  private startedAtMs = 0;
  private lastAtMs = 0;
  private turns = 0;
  private holds = 0;
  private failures = 0;

  /** `contents` reads the arguments of what is held, where they stand outside the entry. */
  constructor(run: string, contents: Contents) {
    this.run = run;
    this.contents = contents;
    this.trajectory = openTrajectory(`run:${run}`);
  }

  /** @throws {Fault} for an entry that is not the next of the run's stream. */
  advance(sealed: SealedEntry): void {
    this.trajectory.advance(sealed);
    const { entry } = sealed;
    this.lastAtMs = entry.at;
    if (entry.kind === 'run.started') this.startedAtMs = entry.at;
    if (entry.kind === 'turn.started') this.turns += 1;
    if (entry.kind === 'proposal.suspended') this.holds += 1;
    if (entry.kind === 'execution.failed') this.failures += 1;
    if (entry.kind === 'proposal.suspended') this.status = waiting(entry.body, this.contents);
    else this.status = evolveStatus(this.status, sealed);
  }

  /** Undefined while the stream has no entry. */
  view(): RunView | undefined {
    const { started, finished, head, spent, facts, commits } = this.trajectory;
    if (started === undefined || head === null) return undefined;
    const { repository, baseCommit, branch, worktree } = started.workspace;
    return {
      run: this.run,
      task: started.task,
      model: started.agent.model,
      ...{ repository, baseCommit, branch, worktree },
      writ: started.writ,
      startedAtMs: this.startedAtMs,
      lastAtMs: this.lastAtMs,
      status: this.status,
      entries: head.seq + 1,
      turns: this.turns,
      commits: commits.size,
      refusals: facts.refusals,
      holds: this.holds,
      failures: this.failures,
      spent,
      gates: finished?.gates ?? [],
    };
  }
}

const goesOn = (): RunStatus => ({ phase: 'open' });

function waiting(
  { action, actionDigest, hold }: Body<'proposal.suspended'>,
  contents: Contents,
): RunStatus {
  const { channel, rule, reason } = hold;
  const { capability, normalisedArgs } = action;
  const about = briefArgs(contents(normalisedArgs));
  return { phase: 'waiting', action: actionDigest, capability, about, channel, rule, reason };
}

const evolveStatus = evolver<RunStatus>({
  'proposal.staged': goesOn,
  'proposal.rejected': goesOn,
  'execution.in-doubt': (_, { entry }) => ({ phase: 'in-doubt', ...entry.body }),
  'execution.reconciled': goesOn,
  'run.finished': (_, { entry }) => {
    const { outcome, reason, commit, worldDigest } = entry.body;
    return { phase: 'finished', outcome, reason, commit, worldDigest };
  },
});
