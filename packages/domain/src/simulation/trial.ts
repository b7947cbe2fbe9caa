import { bundleKey, compilePolicySet, type Bundle } from '@chancery/kernel/policy';
import { done, type Result } from '@chancery/kernel/refusal';
import { type Trial, type TrialSets } from './model.ts';

/** The bundles that would be active, in the order of those that are. */
export function triedBundles(
  active: readonly Bundle[],
  trials: readonly Trial[],
): readonly Bundle[] {
  const tried = new Map(active.map((bundle) => [bundleKey(bundle), bundle]));
  for (const trial of trials) {
    if (trial.kind === 'with') tried.set(bundleKey(trial.bundle), trial.bundle);
    else tried.delete(bundleKey(trial));
  }
  return [...tried.values()];
}

/** Refuses `policy.invalid` where what is tried cannot stand beside what is active. */
export function trialSets(active: readonly Bundle[], trials: readonly Trial[]): Result<TrialSets> {
  const before = compilePolicySet(active);
  if (!before.ok) return before;
  const tried = compilePolicySet(triedBundles(active, trials));
  return tried.ok ? done({ active: before.value, tried: tried.value }) : tried;
}
