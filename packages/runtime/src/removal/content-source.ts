import type { Digest } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import type { Removal, Removals } from '@chancery/kernel/removal';
import type { BlobReference, Gone } from './gone.ts';
import { readLedgerState } from './removals-state.ts';
import type { SubjectKeys } from './subject-keys.ts';

export type Found =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'gone'; readonly gone: Gone };

/** Reads contents that stand outside their entries, opened where they are sealed. */
export class ContentSource {
  private readonly store: LedgerStore;
  private readonly keys: SubjectKeys | undefined;
  private known: { readonly head: Digest | undefined; readonly removals: Removals } | undefined;

  constructor(store: LedgerStore, keys?: SubjectKeys) {
    this.store = store;
    this.keys = keys;
  }

  /**
   * What a reference names. What is erased is not read, also where its key is still there: the
   * process that was to destroy it may have ended before.
   * @throws {RefusalError} `ledger.corrupt` for a blob that nobody has pruned and that is missing, or
   * that does not open with its key.
   */
  async read(blob: BlobReference): Promise<Found> {
    const { digest, key } = blob;
    const bytes = await this.store.blob(digest);
    if (bytes !== undefined && key === undefined) return { kind: 'bytes', bytes };
    const { pruned, erased } = await this.removals();
    const erasure = key === undefined ? undefined : erased.get(key);
    if (erasure !== undefined) return gone('erased', digest, erasure);
    if (bytes === undefined) {
      const pruning = pruned.get(digest);
      if (pruning !== undefined) return gone('pruned', digest, pruning);
      throw new RefusalError(refusal('ledger.corrupt', `the blob ${digest} is missing`));
    }
    const opened = key === undefined ? undefined : this.keys?.open(key, bytes);
    if (opened?.ok === true) return { kind: 'bytes', bytes: opened.value };
    if (opened !== undefined && opened.refusal.code !== 'key.missing') {
      throw new RefusalError(opened.refusal);
    }
    return { kind: 'gone', gone: { how: 'sealed', digest, by: null, atMs: null, reason: '' } };
  }

  private async removals(): Promise<Removals> {
    const head = (await this.store.head('ledger'))?.digest;
    if (this.known === undefined || this.known.head !== head) {
      this.known = { head, removals: (await readLedgerState(this.store)).removals };
    }
    return this.known.removals;
  }
}

function gone(how: 'pruned' | 'erased', digest: Digest, removal: Removal): Found {
  return { kind: 'gone', gone: { how, digest, ...removal } };
}
