import type { Digest } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { assert, Fault, refusal, RefusalError } from '@chancery/kernel/refusal';
import {
  evolveRemovals,
  isRemovalEntry,
  noRemovals,
  type PlacedRemoval,
  type Removal,
  type Removals,
} from '@chancery/kernel/removal';
import { isTrustEntry, TrustFold, type Trust } from '@chancery/kernel/writ';
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
  const removing: PlacedRemoval[] = [];
  let fold: TrustFold | undefined;
  for await (const { entry, digest, position } of entriesOf(store, 'ledger')) {
    fold ??= new TrustFold(digest);
    if (isRemovalEntry(entry)) removing.push({ entry, position });
    else if (isTrustEntry(entry)) {
      assert(position !== undefined, 'an entry that was read has a position');
      const wrong = fold.take({ entry, position });
      if (wrong !== undefined) throw new RefusalError(wrong);
    } else throw new Fault(`an entry of kind ${entry.kind} stands in the stream ledger`);
  }
  const trust = fold?.trust;
  if (trust === undefined) {
    throw new RefusalError(refusal('ledger.missing', 'the ledger has no genesis'));
  }
  let removals = noRemovals;
  for (const placed of removing) {
    const evolved = evolveRemovals(removals, placed, trust);
    if (!evolved.ok) {
      const why = `entry ${placed.entry.seq} of ledger: ${evolved.refusal.message}`;
      throw new RefusalError(refusal('ledger.corrupt', why));
    }
    removals = evolved.value;
  }
  return { trust, removals };
}

/** Who erased the subject of a key, when and why; undefined while nobody has. */
export async function erasureOf(store: LedgerStore, key: Digest): Promise<Removal | undefined> {
  return (await readLedgerState(store)).removals.erased.get(key);
}
