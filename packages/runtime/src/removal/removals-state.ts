import { type Digest } from '@chancery/kernel/encoding';
import { type LedgerStore } from '@chancery/kernel/ledger';
import { Fault, refusal, RefusalError } from '@chancery/kernel/refusal';
import {
  evolveRemovals,
  isRemovalEntry,
  noRemovals,
  type RemovalEntry,
  type Removals,
} from '@chancery/kernel/removal';
import { foldTrust, type Trust, type TrustEntry } from '@chancery/kernel/writ';
import { entriesOf } from '../journal/index.ts';

/** Who is trusted, and what was removed, as the stream `ledger` tells it. */
export interface LedgerState {
  readonly trust: Trust;
  readonly removals: Removals;
}

/**
 * Reads the stream `ledger` of a ledger whose first entry has been compared with what is pinned.
 * @throws {RefusalError} `ledger.missing`; `ledger.corrupt` for a removal that is not signed as it
 * must be: to believe it would let whoever can write the file hide what he has taken away.
 */
export async function readLedgerState(store: LedgerStore): Promise<LedgerState> {
  const keys: TrustEntry[] = [];
  const removing: RemovalEntry[] = [];
  let ledger: Digest | undefined;
  for await (const { entry, digest } of entriesOf(store, 'ledger')) {
    ledger ??= digest;
    if (isRemovalEntry(entry)) removing.push(entry);
    else if (entry.kind === 'ledger.created' || entry.kind === 'key.trusted') keys.push(entry);
    else throw new Fault(`an entry of kind ${entry.kind} stands in the stream ledger`);
  }
  if (ledger === undefined) {
    throw new RefusalError(refusal('ledger.missing', 'the ledger has no genesis'));
  }
  const trust = foldTrust(ledger, keys);
  if (!trust.ok) throw new RefusalError(trust.refusal);
  let removals = noRemovals;
  for (const entry of removing) {
    const evolved = evolveRemovals(removals, entry, trust.value);
    if (!evolved.ok) {
      const why = `entry ${entry.seq} of ledger: ${evolved.refusal.message}`;
      throw new RefusalError(refusal('ledger.corrupt', why));
    }
    removals = evolved.value;
  }
  return { trust: trust.value, removals };
}
