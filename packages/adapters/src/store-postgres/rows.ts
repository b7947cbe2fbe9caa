import type { SealedBatch } from '@chancery/kernel/ledger';
import type { QueryConfig } from 'pg';
import { appendStatement, rowsOf } from './statement.ts';
import type { LedgerEnd, Tip } from './tip.ts';

/** Columns of an entry: stream, seq, text, digest. */
type EntryRow = readonly [number, number, string, Buffer];

/** What a group inserts. */
export class Rows {
  readonly #entries: EntryRow[] = [];
  readonly #streams = { ids: new Array<number>(), names: new Array<string>() };
  readonly #blobs = {
    digests: new Array<Buffer>(),
    mediaTypes: new Array<string>(),
    bytes: new Array<Buffer>(),
  };

  add({ entries, blobs }: SealedBatch, tip: Tip): void {
    for (const sealed of entries) {
      const { id, isNew } = tip.stage(sealed);
      if (isNew) {
        this.#streams.ids.push(id);
        this.#streams.names.push(sealed.entry.stream);
      }
      this.#entries.push([id, sealed.entry.seq, sealed.text, Buffer.from(sealed.digest, 'hex')]);
    }
    for (const { digest, mediaType, bytes } of blobs) {
      this.#blobs.digests.push(Buffer.from(digest, 'hex'));
      this.#blobs.mediaTypes.push(mediaType);
      this.#blobs.bytes.push(Buffer.from(bytes));
    }
  }

  /** Inserts all entries, or none where the end has moved; undefined when there is nothing to write. */
  statement(ledgerId: number, start: LedgerEnd, end: LedgerEnd): QueryConfig | undefined {
    if (this.#entries.length === 0) return undefined;
    const rows = rowsOf(this.#entries.length);
    const hasStreams = this.#streams.ids.length > 0;
    const hasBlobs = this.#blobs.digests.length > 0;
    return {
      ...appendStatement({ rows, hasStreams, hasBlobs }),
      values: [
        ...[ledgerId, start.nextPosition, end.nextPosition, end.nextStream],
        ...(hasStreams ? Object.values(this.#streams) : []),
        ...(hasBlobs ? Object.values(this.#blobs) : []),
        ...(rows === 'any' ? this.#columns() : this.#cells(rows)),
      ],
    };
  }

  /** A value for each cell of so many rows, nulls in those that are left over. */
  #cells(rows: number): unknown[] {
    const cells: unknown[] = this.#entries.flat();
    const left = (rows - this.#entries.length) * 4;
    return left === 0 ? cells : [...cells, ...new Array<null>(left).fill(null)];
  }

  /** An array for each column. */
  #columns(): unknown[] {
    return [0, 1, 2, 3].map((column) => this.#entries.map((row) => row[column]));
  }
}
