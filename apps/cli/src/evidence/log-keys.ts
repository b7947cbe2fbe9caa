import { type Digest, type KeyId } from '@chancery/kernel/encoding';
import { type LedgerStore } from '@chancery/kernel/ledger';
import { refused, done, type Result } from '@chancery/kernel/refusal';
import { isTrustedFor } from '@chancery/kernel/writ';
import { Authority } from '@chancery/runtime/authority';

/** Keys that may sign the checkpoints of a ledger: those that it trusts to run. */
export async function logKeys(store: LedgerStore, ledger: Digest): Promise<readonly KeyId[]> {
  const trust = await new Authority(store, ledger).trust();
  return [...trust.keys.keys()].filter((key) => isTrustedFor(trust, key, 'run'));
}

/**
 * Whether a key may sign the checkpoints of a ledger: nobody would believe those of another. Refuses
 * `checkpoint.invalid`.
 */
export async function checkLogKey(
  store: LedgerStore,
  ledger: Digest,
  key: KeyId,
): Promise<Result<null>> {
  if ((await logKeys(store, ledger)).includes(key)) return done(null);
  return refused('checkpoint.invalid', `the ledger does not trust ${key} to run`, {
    remedy: `Have a root say so: chancery keys trust ${key} --label NAME --purpose run`,
  });
}
