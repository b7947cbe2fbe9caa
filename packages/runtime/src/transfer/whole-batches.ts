import type { ExportedEntry } from '@chancery/kernel/export';
import {
  contentsOf,
  openEntry,
  type Blob,
  type Entry,
  type Head,
  type HeadExpectation,
  type SealedBatch,
  type SealedEntry,
} from '@chancery/kernel/ledger';

interface Member {
  readonly sealed: SealedEntry;
  readonly blobs: readonly Blob[];
}

/** A batch with the place of its first entry in the ledger. */
export interface PlacedBatch {
  readonly position: number;
  readonly batch: SealedBatch;
  /** About how much memory it takes. */
  readonly sizeBytes: number;
}

/**
 * Puts the batches together again that the entries of a verified ledger were written in. Each relies on
 * the one before, so that none is written when that was not.
 */
export class WholeBatches {
  readonly #heads = new Map<string, Head>();
  #members: Member[] = [];
  #before: string | undefined;

  /** The batch that becomes whole with this entry; undefined while members are missing. */
  take({ stored, blobs }: ExportedEntry): PlacedBatch | undefined {
    const sealed = openEntry(stored);
    this.#members.push({ sealed, blobs: blobsOf(sealed.entry, blobs) });
    if (this.#members.length < sealed.entry.batch.size) return undefined;
    const members = this.#members;
    this.#members = [];
    return {
      position: stored.position - members.length + 1,
      batch: this.#batch(members),
      sizeBytes: sizeOf(members),
    };
  }

  #batch(members: readonly Member[]): SealedBatch {
    const streams = [...new Set(members.map(({ sealed }) => sealed.entry.stream))];
    const writes = streams.map((stream) => this.#expectation(stream));
    const before = this.#before;
    const reads =
      before === undefined || streams.includes(before) ? [] : [this.#expectation(before)];
    for (const { sealed } of members) {
      const { stream, seq } = sealed.entry;
      this.#heads.set(stream, { seq, digest: sealed.digest });
      this.#before = stream;
    }
    const blobs = new Map(members.flatMap((member) => member.blobs.map((b) => [b.digest, b])));
    return {
      entries: members.map(({ sealed }) => sealed),
      writes,
      reads,
      blobs: [...blobs.values()],
    };
  }

  #expectation(stream: string): HeadExpectation {
    return { stream, head: this.#heads.get(stream) ?? null };
  }
}

function blobsOf(entry: Entry, blobs: ExportedEntry['blobs']): readonly Blob[] {
  if (blobs.size === 0) return [];
  return contentsOf(entry).flatMap((content) => {
    if ('inline' in content) return [];
    const { digest, mediaType } = content.blob;
    const bytes = blobs.get(digest);
    return bytes === undefined ? [] : [{ digest, mediaType, bytes }];
  });
}

function sizeOf(members: readonly Member[]): number {
  let bytes = 0;
  for (const { sealed, blobs } of members) {
    bytes += sealed.text.length;
    for (const blob of blobs) bytes += blob.bytes.length;
  }
  return bytes;
}
