import type { Amounts } from '../account/index.ts';
import type { TrajectoryFacts } from '../compiler/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { Body, Head, SealedEntry } from '../ledger/index.ts';
import type { World } from '../world/index.ts';
import type { Execution } from './execution.ts';
import type { RunState } from './run-state.ts';
import { TrajectoryFold } from './trajectory-fold.ts';

/** What one run has come to, folded from its stream. */
export interface Trajectory {
  /** The part of it that does not grow, which a snapshot keeps. */
  readonly state: RunState;
  readonly stream: string;
  readonly head: Head | null;
  readonly started: Body<'run.started'> | undefined;
  readonly finished: Body<'run.finished'> | undefined;
  /** A value of its own: what follows does not change a world that was taken. */
  readonly world: World;
  readonly spent: Amounts;
  /** The last entry that another can follow from; a threshold that is crossed is told beside it. */
  readonly last: Digest | undefined;
  /** Entry that holds the model's latest answer, or the plan of what is to be undone. */
  readonly answered: Digest | undefined;
  /** What is to be undone, in a run that undoes. */
  readonly planned: Body<'compensation.planned'> | undefined;
  /** By `model:<turn>:<attempt>` and by action digest. */
  readonly reserved: ReadonlyMap<string, Amounts>;
  /** Digest of the intent that used a nonce first. */
  readonly nonces: ReadonlyMap<string, Digest>;
  /** Intents by their digest, as long as no action of theirs has ended. */
  readonly intents: ReadonlyMap<Digest, Body<'intent.proposed'>>;
  /** The latest proposal of each action that has not ended, by action digest. */
  readonly staged: ReadonlyMap<Digest, Body<'proposal.staged'>>;
  /** Every action that was held and has not ended since, by action digest. */
  readonly suspended: ReadonlyMap<Digest, Body<'proposal.suspended'>>;
  /** Every action that was ever started, by action digest. */
  readonly executions: ReadonlyMap<Digest, Execution>;
  /** Those without an end, the ones in doubt included. */
  readonly open: ReadonlyMap<Digest, Body<'execution.started'>>;
  readonly inDoubt: ReadonlySet<Digest>;
  /** Seq of the commit of an action. */
  readonly commits: ReadonlyMap<Digest, number>;
  readonly facts: TrajectoryFacts;
  /**
   * Takes the next entry of the stream, in place: an entry costs the same in a long run as in a
   * short one. Total over all kinds; says nothing of whether the entry may stand there.
   * @throws {Fault} for an entry that is not the next of the stream, and for a delta that does not
   * apply.
   */
  advance(sealed: SealedEntry): void;
}

/** The trajectory of a stream without entries; `depth` is that of its writ below the root writ. */
export function openTrajectory(stream: string, depth = 0): Trajectory {
  return new TrajectoryFold(stream, depth);
}

/** The trajectory after `sealed`. The one that is given is used up: it is advanced and returned. */
export function evolve(trajectory: Trajectory, sealed: SealedEntry): Trajectory {
  trajectory.advance(sealed);
  return trajectory;
}
