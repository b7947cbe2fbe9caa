import { parseRecord, type Digest, type Json } from '@chancery/kernel/encoding';
import {
  contentsOf,
  type Blob,
  type Content,
  type LedgerStore,
  type SealedEntry,
} from '@chancery/kernel/ledger';
import { Fault } from '@chancery/kernel/refusal';
import { type Contents } from '../cognition/index.ts';
import { goneRefusal, whyGone, type Gone } from '../removal/index.ts';

/** What stands for a content that is gone, where it is only shown. */
export type StandIn = (gone: Gone) => Json;

/** Recorded contents that entries refer to, fetched before they are folded. */
export class BlobContents {
  private readonly values = new Map<string, Json>();
  private readonly store: LedgerStore;
  private readonly standIn: StandIn | undefined;

  /** Without `standIn`, a content that is gone is refused. */
  constructor(store: LedgerStore, standIn?: StandIn) {
    this.store = store;
    this.standIn = standIn;
  }

  /** The value of a content. @throws {Fault} when its blob was not fetched. */
  readonly read: Contents = (content) => {
    if ('inline' in content) return content.inline;
    const value = this.values.get(content.blob.digest);
    if (value === undefined) throw new Fault(`the blob ${content.blob.digest} was not fetched`);
    return value;
  };

  /** Notes blobs that this process has just written. */
  keep(blobs: readonly Blob[]): void {
    for (const { digest, bytes } of blobs) {
      if (!this.values.has(digest)) this.values.set(digest, valueOf(digest, bytes));
    }
  }

  /**
   * Fetches every blob that an entry refers to.
   * @throws {RefusalError} `content.pruned`, unless something stands for it; `ledger.corrupt` when
   * one is missing and nobody has pruned it.
   */
  async fetch({ entry }: SealedEntry): Promise<void> {
    for (const content of contentsOf(entry)) await this.fetchOne(content);
  }

  /** Fetches the blob of a content. @throws {RefusalError} as `fetch` does. */
  async fetchOne(content: Content): Promise<void> {
    if ('inline' in content || this.values.has(content.blob.digest)) return;
    const { digest } = content.blob;
    const bytes = await this.store.blob(digest);
    const value = bytes === undefined ? await this.without(digest) : valueOf(digest, bytes);
    this.values.set(digest, value);
  }

  private async without(digest: Digest): Promise<Json> {
    const gone = await whyGone(this.store, digest);
    if (this.standIn === undefined) throw goneRefusal(gone);
    return this.standIn(gone);
  }
}

function valueOf(digest: string, bytes: Uint8Array): Json {
  const parsed = parseRecord(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (!parsed.ok) throw new Fault(`the blob ${digest} is not a recorded value`);
  return parsed.value;
}
