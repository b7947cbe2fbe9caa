import { type Digest, type KeyId } from '@chancery/kernel/encoding';
import { type LedgerStore } from '@chancery/kernel/ledger';
import { isTrustedFor } from '@chancery/kernel/writ';
import { Authority } from '@chancery/runtime/authority';

/** Keys that may sign the checkpoints of a ledger: those that it trusts to run. */
export async function logKeys(store: LedgerStore, ledger: Digest): Promise<readonly KeyId[]> {
  const trust = await new Authority(store, ledger).trust();
  return [...trust.keys.keys()].filter((key) => isTrustedFor(trust, key, 'run'));
}
