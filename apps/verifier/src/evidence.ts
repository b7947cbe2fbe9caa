import { type Digest } from '@chancery/kernel/encoding';
import { type Head, type StoredEntry } from '@chancery/kernel/ledger';

/** Entries that follow each other, with contents that stand outside them. */
export interface Page {
  readonly entries: readonly StoredEntry[];
  readonly blobs: ReadonlyMap<Digest, Uint8Array>;
}

/** What somebody hands to an auditor: nothing of it is believed. */
export interface Evidence {
  /** Signed checkpoints, as notes. */
  readonly checkpoints: readonly string[];
  /** Heads of all streams, where the evidence tells them apart from the entries. */
  readonly heads: ReadonlyMap<string, Head> | undefined;
  /**
   * Entries in integration order, from the first.
   * @throws {RefusalError} when the evidence cannot be read.
   */
  readonly pages: AsyncIterable<Page>;
}
