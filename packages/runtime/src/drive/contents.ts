import { parseRecord, type Json } from '@chancery/kernel/encoding';
import {
  contentsOf,
  type Blob,
  type Content,
  type LedgerStore,
  type SealedEntry,
} from '@chancery/kernel/ledger';
import { Fault, RefusalError } from '@chancery/kernel/refusal';
import type { Contents } from '../cognition/index.ts';
import { ContentSource, goneRefusal, type Gone, type SubjectKeys } from '../removal/index.ts';

/** What stands for a content that is gone, where it is only shown. */
export type StandIn = (gone: Gone) => Json;

export interface ContentsOptions {
  /** Without it, a content that is gone is refused. */
  readonly standIn?: StandIn;
  /** Keys of contents that are sealed. */
  readonly keys?: SubjectKeys | undefined;
}

/** Recorded contents that entries refer to, fetched before they are folded. */
export class BlobContents {
  private readonly values = new Map<string, Json>();
  private readonly source: ContentSource;
  private readonly options: ContentsOptions;

  constructor(store: LedgerStore, options: ContentsOptions = {}) {
    this.source = new ContentSource(store, options.keys);
    this.options = options;
  }

  /** The value of a content. @throws {Fault} when its blob was not fetched. */
  readonly read: Contents = (content) => {
    if ('inline' in content) return content.inline;
    const value = this.values.get(content.blob.digest);
    if (value === undefined) throw new Fault(`the blob ${content.blob.digest} was not fetched`);
    return value;
  };

  /** Notes what an entry refers to of the blobs that this process has just written with it. */
  keep({ entry }: SealedEntry, blobs: readonly Blob[]): void {
    for (const content of contentsOf(entry)) {
      if ('inline' in content || this.values.has(content.blob.digest)) continue;
      const { digest, key } = content.blob;
      const bytes = blobs.find((blob) => blob.digest === digest)?.bytes;
      if (bytes === undefined) continue;
      const opened = key === undefined ? undefined : this.options.keys?.open(key, bytes);
      if (opened?.ok === false) throw new RefusalError(opened.refusal);
      this.values.set(digest, valueOf(digest, opened?.value ?? bytes));
    }
  }

  /**
   * Fetches every blob that an entry refers to.
   * @throws {RefusalError} `content.pruned`, `content.erased` or `key.missing`, unless something
   * stands for it; `ledger.corrupt` when one is missing and nobody has pruned it.
   */
  async fetch({ entry }: SealedEntry): Promise<void> {
    for (const content of contentsOf(entry)) await this.fetchOne(content);
  }

  /** Fetches the blob of a content. @throws {RefusalError} as `fetch` does. */
  async fetchOne(content: Content): Promise<void> {
    if ('inline' in content || this.values.has(content.blob.digest)) return;
    const { digest } = content.blob;
    const found = await this.source.read(content.blob);
    this.values.set(
      digest,
      found.kind === 'bytes' ? valueOf(digest, found.bytes) : this.without(found.gone),
    );
  }

  private without(gone: Gone): Json {
    if (this.options.standIn === undefined) throw goneRefusal(gone);
    return this.options.standIn(gone);
  }
}

function valueOf(digest: string, bytes: Uint8Array): Json {
  const parsed = parseRecord(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (!parsed.ok) throw new Fault(`the blob ${digest} is not a recorded value`);
  return parsed.value;
}
