import { TrialEpochs, type Tally, type Trial } from '@chancery/domain/simulation';
import type { Digest } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import type { Refusal } from '@chancery/kernel/refusal';
import { policyEpochs } from '@chancery/runtime/authority';
import type { SubjectKeys } from '@chancery/runtime/removal';
import { simulateRuns, type SimulatedStream } from '@chancery/runtime/simulation';
import { granted } from '../exit.ts';
import type { Home } from '../home.ts';

/** What is asked of a ledger. A plain value: threads are told it. */
export interface Asking {
  readonly home: Home;
  readonly ledger: Digest;
  readonly trials: readonly Trial[];
  readonly sinceMs: number;
  readonly source: number;
}

/** What a thread answers about a share of the runs. */
export type Answer =
  | { readonly kind: 'counted'; readonly tally: Tally }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Goes through a share of the runs of one open ledger. */
export type TakeShare = (runs: readonly SimulatedStream[]) => Promise<Tally>;

/** Refuses `policy.invalid` where what is tried cannot stand beside what was active. */
export async function sharesOf(
  store: LedgerStore,
  keys: SubjectKeys,
  { ledger, trials, sinceMs, source }: Asking,
): Promise<TakeShare> {
  const epochs = new TrialEpochs(trials);
  for (const { from, bundles } of await policyEpochs(store, ledger)) {
    granted(epochs.add(from, bundles));
  }
  return (runs) => simulateRuns({ store, keys, epochs, sinceMs, source }, runs);
}
