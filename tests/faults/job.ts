import type { Ending, FaultKind } from './faulty-disk.ts';

/** Ways in which a store writes a history. */
export type StoreScenario = 'calling-thread' | 'after-kill';

/** What is tried besides: a name says what it is. */
export type FileScenario =
  'tiles' | 'checkpointed' | 'import' | 'export' | 'anchor' | 'witness' | 'erase';

/** What a process of the test is to try. */
export interface Job {
  /**
   * `tiles`: a tree grows in a folder. `checkpointed`: its tiles are on another disk than the store.
   * `import`: an export becomes a ledger. `export`: it is written. `anchor` and `witness`: what others
   * keep of a ledger. `erase`: the key of a subject is made and destroyed.
   */
  readonly scenario: StoreScenario | FileScenario;
  readonly kind: FaultKind;
  readonly ending: Ending;
}

/** One fault, at one call. */
export interface Blow extends Pick<Job, 'kind' | 'ending'> {
  /** Which of the calls that it can befall, from 1. */
  readonly at: number;
}

/** How a scenario came out under a fault. */
export interface Trial {
  /** What the fault struck; empty when there are not so many calls. */
  readonly struck: string;
  /** What was refused: codes, `fault` for a `Fault`. */
  readonly refused: readonly string[];
  readonly wrong: readonly string[];
}

/** What came of all its trials, one for each call that the fault can befall. */
export interface Report {
  readonly trials: number;
  /** How many trials were refused what. */
  readonly refused: Readonly<Record<string, number>>;
  /** What was struck, and what was wrong then. */
  readonly wrong: readonly string[];
}

/** A part of the suite of every store, to be run with faults. */
export interface SuiteJob {
  readonly part: string;
  /** Whether each call is struck by every fault that can befall it, or by one, in turn. */
  readonly extent: 'every' | 'in-turn';
}

/** What came of the cases of a part of the suite. */
export interface SuiteReport {
  /** Each of them, with the calls that it makes and at how many of them a fault befell it. */
  readonly cases: { readonly title: string; readonly calls: number; readonly trials: number }[];
  /** How many faults of which kind befell them. */
  readonly befell: Record<string, number>;
  /** How many calls of which kind were struck. */
  readonly struck: Record<string, number>;
  /** How many trials were refused what. */
  readonly refused: Record<string, number>;
  readonly wrong: string[];
}
