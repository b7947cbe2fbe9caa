import type { Digest, Signer } from '@chancery/kernel/encoding';
import type { Draft, Head, HeadExpectation } from '@chancery/kernel/ledger';
import { runStateDigest, takeSnapshot } from '@chancery/kernel/replay';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { isTrustedFor } from '@chancery/kernel/writ';
import { Authority } from '../authority/index.ts';
import type { Journal } from '../journal/index.ts';
import { foldOn, foldRunState } from './fold-run.ts';
import { snapshotStream, type LedgerSource, type RefusedSnapshot } from './newest.ts';

export interface SnapshotOptions {
  /** Writes in the name of the signer. */
  readonly journal: Journal;
  readonly ledger: Digest;
  /** A key that the ledger trusts for running. */
  readonly signer: Signer;
}

export interface SnapshotOfRun {
  /** The run's last entry, which the snapshot covers. */
  readonly at: Head;
  /** Digest of the state after that entry. */
  readonly state: Digest;
  /** Blob that was recorded; undefined where the newest snapshot covers that entry already. */
  readonly taken: Digest | undefined;
  /** Snapshots that were there and could not be used. */
  readonly refused: readonly RefusedSnapshot[];
}

/**
 * Takes a snapshot of a run as it stands, and records it upon the very head that it covers: where
 * the run goes on meanwhile, it follows.
 * @throws {RefusalError} `run.unknown` for a stream without entries; `snapshot.invalid` where the
 * ledger does not trust the signer for running; `ledger.corrupt`.
 */
export async function snapshotRun(options: SnapshotOptions, run: string): Promise<SnapshotOfRun> {
  const { journal, ledger, signer } = options;
  const source: LedgerSource = { store: journal.store, ledger };
  const authority = new Authority(journal.store, ledger);
  let keys = await checkedKeys(authority, signer);
  const { state, from, refused } = await foldRunState(source, run);
  for (;;) {
    const at = state.head;
    if (at === null) throw new RefusalError(refusal('run.unknown', `${run} has no entry`));
    if (from?.seq === at.seq) {
      return { at, state: runStateDigest(state), taken: undefined, refused };
    }
    const stream = snapshotStream(run);
    const head = await journal.store.head(stream);
    const request = { ledger, after: head?.digest ?? ledger, by: signer };
    const { body, blob } = takeSnapshot(state, request);
    const draft: Draft = { stream, kind: 'snapshot.taken', body };
    const heads = new Map([[stream, head]]);
    const reads = [{ stream: run, head: at }, keys];
    const written = await journal.append(heads, [draft], { reads, blobs: [blob] });
    if (written.kind === 'written') return { at, state: body.state, taken: blob.digest, refused };
    // Asked first: the run goes on, and what is read last is to be recorded soonest.
    keys = await checkedKeys(authority, signer);
    await foldOn(source, state);
  }
}

/** The keys that the signer was found trusted by; they must not have changed when it is recorded. */
async function checkedKeys(authority: Authority, { id }: Signer): Promise<HeadExpectation> {
  const { trust, keys } = await authority.controls();
  if (isTrustedFor(trust, id, 'run')) return keys;
  throw new RefusalError(refusal('snapshot.invalid', `the ledger does not trust ${id} to run`));
}
