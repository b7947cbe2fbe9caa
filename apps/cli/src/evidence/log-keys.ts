import type { Digest, KeyId } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { refused, done, type Result } from '@chancery/kernel/refusal';
import { isTrustedFor, keysEverTrustedFor } from '@chancery/kernel/writ';
import { Authority } from '@chancery/runtime/authority';

/**
 * Keys that may have signed the checkpoints of a ledger: those that it trusts to run, or did. Which of
 * them counts at which size is for verification to say.
 */
export async function logKeys(store: LedgerStore, ledger: Digest): Promise<readonly KeyId[]> {
  return keysEverTrustedFor(await new Authority(store, ledger).trust(), 'run');
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
  const trust = await new Authority(store, ledger).trust();
  if (isTrustedFor(trust, key, 'run')) return done(null);
  return refused('checkpoint.invalid', `the ledger does not trust ${key} to run`, {
    remedy: `Have a root say so: chancery keys trust ${key} --label NAME --purpose run`,
  });
}
