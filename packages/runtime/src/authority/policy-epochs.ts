import type { Digest } from '@chancery/kernel/encoding';
import type { LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import type { ActiveBundle } from '@chancery/kernel/policy';
import { assert, Fault, refusal, RefusalError } from '@chancery/kernel/refusal';
import { isTrustEntry, TrustFold, withoutCompromises, type Trust } from '@chancery/kernel/writ';
import { entriesOf } from '../journal/index.ts';
import { evolvePolicy, type ActiveBundles } from './policy-state.ts';

/** The bundles that were active from a position of the ledger on. */
export interface PolicyEpoch {
  readonly from: number;
  readonly bundles: readonly ActiveBundle[];
}

/**
 * Folds what decided when. Unlike the standing of today, it counts what a key signed that has turned
 * out to be compromised since: it did decide.
 */
export class PolicyEpochs {
  private readonly keys: TrustFold;
  private active: ActiveBundles = new Map();
  private readonly found: PolicyEpoch[] = [];
  private readonly blobs: Pick<LedgerStore, 'blob'>;

  constructor(ledger: Digest, blobs: Pick<LedgerStore, 'blob'>) {
    this.keys = new TrustFold(ledger, undefined);
    this.blobs = blobs;
  }

  get epochs(): readonly PolicyEpoch[] {
    return this.found;
  }

  /** Takes the next entry of the stream of keys; all of it, before the first of policies. */
  takeKeys({ entry, position }: SealedEntry): void {
    if (!isTrustEntry(entry)) return;
    assert(position !== undefined, 'an entry that was read has a position');
    const wrong = this.keys.take({ entry, position });
    if (wrong !== undefined) throw new RefusalError(wrong);
  }

  /** Takes the next entry of the stream of policies. @throws {RefusalError} as `evolvePolicy`. */
  async takePolicy(sealed: SealedEntry): Promise<void> {
    const { position } = sealed;
    assert(position !== undefined, 'an entry that was read has a position');
    const reading = { store: this.blobs, trust: withoutCompromises(this.trust()) };
    this.active = await evolvePolicy(this.active, sealed, reading);
    this.found.push({ from: position, bundles: [...this.active.values()] });
  }

  private trust(): Trust {
    const { trust } = this.keys;
    if (trust === undefined) throw new Fault('the keys have not been read');
    return trust;
  }
}

/** Every set that was active in a ledger, in their order. @throws {RefusalError} `ledger.missing`, and as `evolvePolicy`. */
export async function policyEpochs(
  store: LedgerStore,
  ledger: Digest,
): Promise<readonly PolicyEpoch[]> {
  const epochs = new PolicyEpochs(ledger, store);
  if ((await store.head('ledger')) === null) {
    throw new RefusalError(refusal('ledger.missing', 'the ledger has no genesis'));
  }
  for await (const sealed of entriesOf(store, 'ledger', { ledger })) epochs.takeKeys(sealed);
  for await (const sealed of entriesOf(store, 'policy', { ledger })) {
    await epochs.takePolicy(sealed);
  }
  return epochs.epochs;
}
