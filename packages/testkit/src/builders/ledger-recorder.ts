import type { Digest, KeyId } from '@chancery/kernel/encoding';
import {
  sealBatch,
  type Draft,
  type Head,
  type SealedEntry,
  type StoredEntry,
} from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';

export interface RecorderOptions {
  /** Key in whose name entries are written. */
  readonly by: KeyId;
  /** Changes what is about to be sealed; the links that follow are made for the changed entries. */
  readonly edit?: (drafts: readonly Draft[]) => readonly Draft[];
  /** Writes a batch in another name than `by`. */
  readonly author?: (drafts: readonly Draft[], by: KeyId) => KeyId;
  /** Whether each entry of a batch is written on its own. */
  readonly apart?: (drafts: readonly Draft[]) => boolean;
}

/** A ledger in memory, without a store: seals batches one upon the other, a millisecond apart. */
export class LedgerRecorder {
  readonly entries: SealedEntry[] = [];
  readonly heads = new Map<string, Head>();
  private readonly options: RecorderOptions;
  private batches = 0;

  constructor(options: RecorderOptions) {
    this.options = options;
  }

  /** Digest of the genesis; null before it is written. */
  get ledger(): Digest | null {
    return this.entries[0]?.digest ?? null;
  }

  get nowMs(): number {
    return 2_000 + this.batches;
  }

  /** Entries as a store would give them. */
  get stored(): readonly StoredEntry[] {
    return this.entries.map(({ entry, text }, position) => ({
      position,
      stream: entry.stream,
      seq: entry.seq,
      text,
    }));
  }

  /** Writes a batch. @throws {Fault} when it is refused. */
  write(...drafts: readonly Draft[]): readonly SealedEntry[] {
    return this.writeBy(this.options.by, ...drafts);
  }

  /** Writes a batch in the name of a key. @throws {Fault} when it is refused. */
  writeBy(by: KeyId, ...drafts: readonly Draft[]): readonly SealedEntry[] {
    const { edit, author, apart } = this.options;
    if (drafts.length > 1 && apart?.(drafts) === true) {
      return this.writeApart(by, drafts);
    }
    const sealed = sealBatch({
      ledger: this.ledger,
      by: author === undefined ? by : author(drafts, by),
      nowMs: this.nowMs,
      batchId: `b${this.batches}`,
      heads: this.heads,
      drafts: edit === undefined ? drafts : edit(drafts),
    });
    assert(sealed.ok, sealed.ok ? '' : sealed.refusal.message);
    this.batches += 1;
    for (const entry of sealed.value.entries) this.entries.push(entry);
    for (const [stream, head] of sealed.value.heads) this.heads.set(stream, head);
    return sealed.value.entries;
  }

  private writeApart(by: KeyId, drafts: readonly Draft[]): readonly SealedEntry[] {
    const written: SealedEntry[] = [];
    for (const draft of drafts) {
      const { cause } = draft;
      const named = typeof cause === 'number' ? written[cause]?.digest : cause;
      written.push(...this.writeBy(by, { ...draft, cause: named ?? null }));
    }
    return written;
  }
}
