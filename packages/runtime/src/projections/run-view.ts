import { sumOf, type Amounts } from '@chancery/kernel/account';
import type { Body } from '@chancery/kernel/ledger';
import type { RunFacts } from '@chancery/kernel/replay';
import type { Contents } from '../cognition/index.ts';
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
  /** Where the price comes from that it pays. */
  readonly pricedBy: string;
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
  /** What is begun and not settled; of a run that has ended, what is in doubt. */
  readonly reserved: Amounts;
  readonly gates: Body<'run.finished'>['gates'];
}

/**
 * The view of a run that stands so; undefined while its stream has no entry. `contents` reads the
 * arguments of what is held, where they stand outside the entry.
 */
export function runView(facts: RunFacts, contents: Contents): RunView | undefined {
  const { stream, started, finished, head, startedAtMs, lastAtMs, counts, spent } = facts;
  if (started === undefined || head === null) return undefined;
  const { repository, baseCommit, branch, worktree } = started.workspace;
  return {
    run: stream.slice('run:'.length),
    task: started.task,
    model: started.agent.model,
    pricedBy: started.price.source,
    ...{ repository, baseCommit, branch, worktree },
    writ: started.writ,
    ...{ startedAtMs, lastAtMs },
    status: statusOf(facts, contents),
    entries: head.seq + 1,
    ...counts,
    spent,
    reserved: sumOf(facts.reserved.values()),
    gates: finished?.gates ?? [],
  };
}

function statusOf({ finished, stand }: RunFacts, contents: Contents): RunStatus {
  if (finished !== undefined) {
    const { outcome, reason, commit, worldDigest } = finished;
    return { phase: 'finished', outcome, reason, commit, worldDigest };
  }
  if (stand.phase !== 'waiting') return stand;
  const { args, ...held } = stand;
  return { ...held, about: briefArgs(contents(args)) };
}
