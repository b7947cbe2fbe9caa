import {
  activeOn,
  bundleIn,
  bundleKey,
  compilePolicySet,
  repositoryOf,
  type ActiveBundle,
} from '@chancery/kernel/policy';
import { done, type Result } from '@chancery/kernel/refusal';
import type { ActiveSets, Trial } from './model.ts';

/** The bundles that would be active, in the order of those that are. */
export function triedBundles(
  active: readonly ActiveBundle[],
  trials: readonly Trial[],
): readonly ActiveBundle[] {
  const tried = new Map(active.map((each) => [bundleKey(bundleIn(each)), each]));
  for (const trial of trials) {
    if (trial.kind === 'without') {
      tried.delete(bundleKey(trial));
      continue;
    }
    // In the place of one that is for a repository it would be for that, unless it is said.
    const key = bundleKey(trial.bundle);
    const before = tried.get(key);
    const where = trial.repository ?? (before && repositoryOf(before));
    tried.set(key, activeOn(trial.bundle, where));
  }
  return [...tried.values()];
}

/** Refuses `policy.invalid` where what is tried cannot stand beside what is active. */
export function trialSets(
  active: readonly ActiveBundle[],
  trials: readonly Trial[],
): Result<ActiveSets> {
  const before = compilePolicySet(active);
  if (!before.ok) return before;
  const tried = compilePolicySet(triedBundles(active, trials));
  return tried.ok ? done({ active: before.value, tried: tried.value }) : tried;
}
