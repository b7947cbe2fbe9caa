import type { KeyId, Digest } from '@chancery/kernel/encoding';
import { readEntry, type LedgerStore } from '@chancery/kernel/ledger';
import { CompromiseForecast, type AtStake } from '@chancery/kernel/replay';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import type { Controls } from '@chancery/kernel/control';
import type { Trust } from '@chancery/kernel/writ';
import { entriesOf } from '../journal/index.ts';
import { Authority } from './authority.ts';
import { believed } from './control-state.ts';
import { evolvePolicyState, noPolicy, type PolicyState } from './policy-state.ts';

/** What would become of a ledger if a key were said to be compromised. */
export interface CompromiseOutlook {
  /** What the key has signed from there on, and what stands on that, in the order of the ledger. */
  readonly atStake: readonly AtStake[];
  readonly before: Pick<PolicyState, 'active' | 'channels' | 'prices' | 'programs'>;
  readonly after: Pick<PolicyState, 'active' | 'channels' | 'prices' | 'programs'>;
  /** Controls that would be engaged again, since the key has cleared them. */
  readonly engagedAgain: readonly Digest[];
}

const pageSize = 1_000;

/**
 * Reads the whole ledger.
 * @throws {RefusalError} `ledger.corrupt`, naming the entry.
 */
export async function outlookOf(
  store: LedgerStore,
  ledger: Digest,
  { key, fromSize }: { readonly key: KeyId; readonly fromSize: number },
): Promise<CompromiseOutlook> {
  const authority = new Authority(store, ledger);
  const before = await authority.policies();
  const { engaged } = await authority.controls();
  const trust = without(before.trust, key, fromSize);
  let after = noPolicy;
  for await (const sealed of entriesOf(store, 'policy', { ledger })) {
    after = await evolvePolicyState(after, sealed, { store, trust });
  }
  let controls: Controls = new Map();
  for await (const sealed of entriesOf(store, 'control', { ledger })) {
    controls = believed(controls, sealed, trust);
  }
  return {
    ...{ before, after },
    atStake: (await forecastOf(store)).of(key, fromSize),
    engagedAgain: [...controls.keys()].filter((control) => !engaged.has(control)),
  };
}

/** Keys as they would be. */
function without(trust: Trust, key: KeyId, fromSize: number): Trust {
  const known = trust.keys.get(key);
  if (known === undefined) return trust;
  const voidFrom = Math.min(known.voidFrom ?? fromSize, fromSize);
  return { ...trust, keys: new Map(trust.keys).set(key, { ...known, voidFrom }) };
}

async function forecastOf(store: LedgerStore): Promise<CompromiseForecast> {
  const forecast = new CompromiseForecast();
  for (let position = 0; ;) {
    const page = await store.readAll(position, pageSize);
    for (const stored of page) {
      const read = readEntry(stored);
      if (!read.ok) {
        const why = `entry ${stored.seq} of ${stored.stream}: ${read.refusal.message}`;
        throw new RefusalError(refusal('ledger.corrupt', why));
      }
      forecast.take(read.value);
    }
    position += page.length;
    if (page.length < pageSize) return forecast;
  }
}
