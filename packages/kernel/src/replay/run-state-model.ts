import type { Amounts } from '../account/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { Body, Content, Head } from '../ledger/index.ts';
import type { World } from '../world/index.ts';

/** What a run is at while it has not ended. */
export type RunStand =
  | { readonly phase: 'open' }
  /** A human has to vote on an action. */
  | {
      readonly phase: 'waiting';
      readonly action: Digest;
      readonly capability: string;
      readonly args: Content;
      readonly channel: string;
      readonly rule: string;
      readonly reason: string;
    }
  /** A human has to find out whether an effect happened. */
  | { readonly phase: 'in-doubt'; readonly action: Digest; readonly reason: string };

/** How often something has happened in a run. */
export interface RunCounts {
  readonly turns: number;
  readonly commits: number;
  readonly refusals: number;
  readonly holds: number;
  readonly failures: number;
}

/** Under what a run was decided: each version and each set, with the seq that tells of it first. */
export interface RunDecided {
  readonly compilers: ReadonlyMap<string, number>;
  readonly policies: ReadonlyMap<Digest, number>;
}

/**
 * How a run stands: enough to show it, to fold what follows, and to compare its end. Unlike a
 * `Trajectory` it forgets what is settled, so that it does not grow with the history of the run.
 */
export interface RunFacts {
  readonly stream: string;
  readonly head: Head | null;
  /** Times of the first and the last entry, milliseconds since the epoch; 0 without an entry. */
  readonly startedAtMs: number;
  readonly lastAtMs: number;
  readonly started: Body<'run.started'> | undefined;
  readonly finished: Body<'run.finished'> | undefined;
  /** A value of its own: what follows does not change a world that was taken. */
  readonly world: World;
  readonly spent: Amounts;
  /** What is not settled yet, by `model:<turn>:<attempt>` and by action digest. */
  readonly reserved: ReadonlyMap<string, Amounts>;
  readonly stand: RunStand;
  readonly counts: RunCounts;
  readonly decided: RunDecided;
}
