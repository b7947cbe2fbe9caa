import type { Digest } from '@chancery/kernel/encoding';
import type { StoredEntry } from '@chancery/kernel/ledger';
import type { Refusal } from '@chancery/kernel/refusal';
import type { TimestampFile } from '@chancery/kernel/timestamp';

/** Entries that follow each other, with contents that stand outside them. */
export interface Page {
  readonly entries: readonly StoredEntry[];
  readonly blobs: ReadonlyMap<Digest, Uint8Array>;
}

/** What became of the tiles that stand beside the entries. */
export interface TileVerdict {
  /** The first that are missing or are not those of the entries, and how many more there are. */
  readonly refusals: readonly Refusal[];
  /** Tiles and bundles that hold more than the checkpoint covers: nobody has signed what. */
  readonly unsigned: number;
}

/** What somebody hands to an auditor: nothing of it is believed. */
export interface Evidence {
  /** Signed checkpoints, as notes. */
  readonly checkpoints: readonly string[];
  /** What authorities are said to attest of its checkpoints. */
  readonly timestamps: readonly TimestampFile[];
  /** Whether it has to hold the contents that stand outside their entries, unless they were pruned. */
  readonly holdsContents: boolean;
  /**
   * Entries in integration order, from the first whenever it is asked.
   * @throws {RefusalError} when the evidence cannot be read.
   */
  readonly pages: () => AsyncIterable<Page>;
  /** What became of the tiles beside the entries, after all pages; undefined where it has none. */
  readonly tiles: () => TileVerdict | undefined;
}
