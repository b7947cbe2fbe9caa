import type { ActiveBundle } from '@chancery/kernel/policy';
import { done, Fault, type Result } from '@chancery/kernel/refusal';
import type { ActiveSets, Trial } from './model.ts';
import { trialSets } from './trial.ts';

interface Epoch {
  readonly from: number;
  readonly sets: ActiveSets;
}

/** What was active from each position of a ledger on, and what would have been. */
export class TrialEpochs {
  private readonly trials: readonly Trial[];
  private readonly epochs: Epoch[] = [];

  constructor(trials: readonly Trial[]) {
    this.trials = trials;
  }

  /** Takes the next set of bundles. Refuses `policy.invalid` where what is tried does not fit. */
  add(from: number, bundles: readonly ActiveBundle[]): Result<null> {
    const sets = trialSets(bundles, this.trials);
    if (!sets.ok) return sets;
    this.epochs.push({ from, sets: sets.value });
    return done(null);
  }

  /** Whether something had been active at this position. */
  covers(position: number): boolean {
    const [first] = this.epochs;
    return first !== undefined && first.from <= position;
  }

  /** @throws {Fault} where nothing had been active. */
  at(position: number): ActiveSets {
    let [low, high] = [0, this.epochs.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.epochs[middle]?.from ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    const found = this.epochs[low];
    if (found === undefined || found.from > position) {
      throw new Fault(`no policy was active at position ${position}`);
    }
    return found.sets;
  }
}
