import { type Ending, type FaultKind } from './faulty-disk.ts';

export type ScenarioName = 'calling-thread' | 'after-kill';

/** What a process of the test is to try. */
export interface Job {
  readonly scenario: ScenarioName;
  readonly kind: FaultKind;
  readonly ending: Ending;
}

/** What came of all its trials, one for each call that the fault can befall. */
export interface Report {
  readonly trials: number;
  /** Trials whose fault was noticed, by what was refused. */
  readonly refused: Readonly<Record<string, number>>;
  /** What was struck, and what was wrong then. */
  readonly wrong: readonly string[];
}
