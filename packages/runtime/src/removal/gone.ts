import { type Digest } from '@chancery/kernel/encoding';
import { type LedgerStore } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { type Removal } from '@chancery/kernel/removal';
import { readLedgerState } from './removals-state.ts';

/** A content that an entry names and that is not there any more, by the signed word of a human. */
export interface Gone extends Removal {
  readonly how: 'pruned';
  /** Of the blob that held it. */
  readonly digest: Digest;
}

/**
 * Why a blob that the store does not have is gone.
 * @throws {RefusalError} `ledger.corrupt` when nobody has pruned it.
 */
export async function whyGone(store: LedgerStore, digest: Digest): Promise<Gone> {
  const { removals } = await readLedgerState(store);
  const removal = removals.pruned.get(digest);
  if (removal === undefined) {
    throw new RefusalError(refusal('ledger.corrupt', `the blob ${digest} is missing`));
  }
  return { how: 'pruned', digest, ...removal };
}

/** The refusal to go on with what is gone. */
export function goneRefusal({ digest, by, reason, atMs }: Gone): RefusalError {
  const why = reason === '' ? '' : `: ${reason}`;
  const message = `the content ${digest} was pruned by ${by}${why}`;
  return new RefusalError(refusal('content.pruned', message, { details: { digest, by, atMs } }));
}
