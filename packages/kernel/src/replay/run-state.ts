import type { SealedEntry } from '../ledger/index.ts';
import { RunStateFold } from './run-state-fold.ts';
import type { RunFacts } from './run-state-model.ts';

/** How a run stands, and how it stands after its next entry. */
export interface RunState extends RunFacts {
  /**
   * Takes the next entry of the stream, in place. Total over all kinds; says nothing of whether the
   * entry may stand there.
   * @throws {Fault} for an entry that is not the next of the stream, and for a delta that does not
   * apply.
   */
  advance(sealed: SealedEntry): void;
}

/** The state of a run without entries. */
export function openRunState(stream: string): RunState {
  return new RunStateFold(stream);
}

/** A state that goes on from these facts, which stay as they are. */
export function resumeRunState(facts: RunFacts): RunState {
  return RunStateFold.from(facts);
}
