import type { Digest, Signer } from '@chancery/kernel/encoding';
import { prunedMost, type Draft, type Head, type LedgerStore } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { blobListDigest, mayRemove, signPruning } from '@chancery/kernel/removal';
import { Journal, type Clock } from '../journal/index.ts';
import { readLedgerState } from './removals-state.ts';

export interface RemovalRequest {
  readonly store: LedgerStore;
  readonly ledger: Digest;
  readonly clock: Clock;
  /** A human: a root, or trusted for approving. */
  readonly by: Signer;
  readonly reason: string;
}

/**
 * Removes blobs, some hundreds with each entry that names them. Cut off in between, what is
 * recorded is gone and the rest is there: a new plan has the rest. Refuses `approval.not-approver`.
 */
export async function pruneBlobs(
  request: RemovalRequest,
  blobs: readonly Digest[],
  onPruned: (blobs: number) => void = () => undefined,
): Promise<Result<number>> {
  const { ledger, by, reason } = request;
  for (let next = 0; next < blobs.length; next += prunedMost) {
    const some = blobs.slice(next, next + prunedMost);
    const list = blobListDigest(some);
    const recorded = await recordRemoval(request, (after) => ({
      stream: 'ledger',
      kind: 'blob.pruned',
      body: { blobs: some, envelope: signPruning({ ledger, after, blobs: list, reason }, by) },
    }));
    if (!recorded.ok) return recorded;
    onPruned(next + some.length);
  }
  return done(blobs.length);
}

/** Records a removal upon the stream `ledger`, whoever else writes to it at the same moment. */
export async function recordRemoval(
  { store, ledger, clock, by }: RemovalRequest,
  draftOn: (after: Digest) => Draft,
): Promise<Result<null>> {
  const { trust } = await readLedgerState(store);
  if (!mayRemove(trust, by.id)) {
    return refused('approval.not-approver', `${by.id} may not have anything removed`, {
      remedy: 'Sign with the key of a root, or one that is trusted for approving.',
    });
  }
  const journal = new Journal({ store, ledger, clock, by: by.id });
  for (;;) {
    const head: Head | null = await store.head('ledger');
    const draft = draftOn(head?.digest ?? ledger);
    const written = await journal.append(new Map([['ledger', head]]), [draft]);
    if (written.kind === 'written') return done(null);
  }
}
