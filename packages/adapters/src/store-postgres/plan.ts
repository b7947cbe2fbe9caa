import { bytesDigest } from '@chancery/kernel/encoding';
import {
  findConflict,
  headsAfter,
  prunedBlobs,
  type AppendOutcome,
  type SealedBatch,
} from '@chancery/kernel/ledger';
import { type QueryConfig } from 'pg';
import { refuse } from './failure.ts';
import { type LedgerEnd, type Tip } from './tip.ts';
import { RefusalError } from '@chancery/kernel/refusal';

/** What became of a batch: an outcome, or what its `append` rejects with. */
export type Settlement = AppendOutcome | { readonly kind: 'failed'; readonly error: Error };

/**
 * Writes at one end of the ledger or nowhere. The update takes the lock of the ledger's row until
 * the commit, and finds no row if the end has moved; nothing else is inserted then.
 */
const append = `WITH moved AS (
  UPDATE chancery.ledgers SET next_position = $3, next_stream = $4
  WHERE id = $1 AND next_position = $2 RETURNING id
), named AS (
  INSERT INTO chancery.streams (ledger, id, name)
  SELECT moved.id, s.id, s.name FROM moved, unnest($5::int[], $6::text[]) AS s (id, name)
), kept AS (
  INSERT INTO chancery.blobs (ledger, digest, media_type, bytes)
  SELECT moved.id, b.digest, b.media_type, b.bytes
  FROM moved, unnest($7::bytea[], $8::text[], $9::bytea[]) AS b (digest, media_type, bytes)
  ON CONFLICT DO NOTHING
), written AS (
  INSERT INTO chancery.entries (ledger, position, stream, seq, text, digest)
  SELECT moved.id, $2 + e.place - 1, e.stream, e.seq, e.text, e.digest
  FROM moved, unnest($10::int[], $11::bigint[], $12::text[], $13::bytea[])
    WITH ORDINALITY AS e (stream, seq, text, digest, place)
)
SELECT id FROM moved`;

/** What a group of batches becomes at a known end of the ledger. */
export interface Plan {
  /** Of each batch, in order. */
  readonly settlements: readonly Settlement[];
  /** Whether no batch was turned down, so that the end is all that remains to be checked. */
  readonly isWhole: boolean;
  /** Gives back one row when it has written; undefined when there is nothing to write. */
  readonly statement: QueryConfig | undefined;
  /** Removes, after `statement`, what the entries prune; undefined where they prune nothing. */
  readonly pruning: QueryConfig | undefined;
}

/** Whether a batch removes blobs. It has a transaction of its own: a later one may bring them back. */
export function prunes({ entries }: SealedBatch): boolean {
  return prunedBlobs(entries).length > 0;
}

/** Judges each batch by itself upon those before it, and stages what is to be written. */
export function planOf(group: readonly SealedBatch[], tip: Tip, ledgerId: number): Plan {
  const start = tip.end();
  const rows = new Rows();
  const settlements = group.map((batch) => {
    const settlement = judge(batch, tip);
    if (settlement.kind === 'appended') rows.add(batch, tip);
    return settlement;
  });
  return {
    settlements,
    isWhole: settlements.every(({ kind }) => kind === 'appended'),
    statement: rows.statement(ledgerId, start, tip.end()),
    pruning: pruningOf(group, ledgerId),
  };
}

function pruningOf(group: readonly SealedBatch[], ledgerId: number): QueryConfig | undefined {
  const blobs = group.flatMap(({ entries }) => prunedBlobs(entries));
  if (blobs.length === 0) return undefined;
  return {
    name: 'prune',
    text: 'DELETE FROM chancery.blobs WHERE ledger = $1 AND digest = ANY($2::bytea[])',
    values: [ledgerId, blobs.map((blob) => Buffer.from(blob, 'hex'))],
  };
}

function judge(batch: SealedBatch, tip: Tip): Settlement {
  const conflict = findConflict(batch, (stream) => tip.head(stream));
  if (conflict !== undefined) return { kind: 'conflict', conflict };
  const heads = headsAfter(batch, tip.founding());
  if (!heads.ok) return { kind: 'failed', error: new RefusalError(heads.refusal) };
  for (const { bytes, digest } of batch.blobs) {
    if (bytesDigest(bytes) === digest) continue;
    return { kind: 'failed', error: refuse('entry.invalid', `blob ${digest} has another content`) };
  }
  return { kind: 'appended', position: tip.end().nextPosition };
}

/** Columns of what a group inserts. */
class Rows {
  readonly #streams = { ids: new Array<number>(), names: new Array<string>() };
  readonly #entries = {
    streams: new Array<number>(),
    seqs: new Array<number>(),
    texts: new Array<string>(),
    digests: new Array<Buffer>(),
  };
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
      this.#entries.streams.push(id);
      this.#entries.seqs.push(sealed.entry.seq);
      this.#entries.texts.push(sealed.text);
      this.#entries.digests.push(Buffer.from(sealed.digest, 'hex'));
    }
    for (const { digest, mediaType, bytes } of blobs) {
      this.#blobs.digests.push(Buffer.from(digest, 'hex'));
      this.#blobs.mediaTypes.push(mediaType);
      this.#blobs.bytes.push(Buffer.from(bytes));
    }
  }

  statement(ledgerId: number, start: LedgerEnd, end: LedgerEnd): QueryConfig | undefined {
    if (this.#entries.texts.length === 0) return undefined;
    const streams = Object.values(this.#streams);
    const blobs = Object.values(this.#blobs);
    const entries = Object.values(this.#entries);
    const ends = [start.nextPosition, end.nextPosition, end.nextStream];
    return {
      name: 'append',
      text: append,
      values: [ledgerId, ...ends, ...streams, ...blobs, ...entries],
    };
  }
}
