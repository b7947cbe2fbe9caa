import { type DatabaseSync } from 'node:sqlite';
import { bytesDigest } from '@chancery/kernel/encoding';
import {
  findConflict,
  headsAfter,
  type AppendOutcome,
  type SealedBatch,
} from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { failureOf, isPassing } from './failure.ts';
import { type Reader } from './reader.ts';
import { type Tip } from './tip.ts';

/** What became of a batch: an outcome, or what its `append` rejects with. */
export type Settlement = AppendOutcome | { readonly kind: 'failed'; readonly error: Error };

/**
 * Writes groups of batches, one transaction and one durable barrier each. A batch of the group
 * is refused alone; a failure of the transaction fails all of them.
 */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #reader: Reader;
  readonly #tip: Tip;
  readonly #statements;
  #version: number;
  #broken: Error | undefined;

  constructor(database: DatabaseSync, reader: Reader, tip: Tip) {
    this.#database = database;
    this.#reader = reader;
    this.#tip = tip;
    this.#version = reader.dataVersion();
    this.#statements = {
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
      stream: database.prepare('INSERT INTO streams (id, name) VALUES (?, ?)'),
      entry: database.prepare(
        'INSERT INTO entries (position, stream, seq, text, digest) VALUES (?, ?, ?, ?, ?)',
      ),
      blob: database.prepare(
        'INSERT INTO blobs (digest, media_type, bytes) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING',
      ),
    };
  }

  /** Settles each batch of the group, in order; durable when it returns. Does not throw. */
  write(group: readonly SealedBatch[]): Settlement[] {
    const broken = this.#broken;
    if (broken !== undefined) return group.map(() => ({ kind: 'failed', error: broken }));
    try {
      this.#statements.begin.run();
      this.#seeOtherWriters();
      const settlements = group.map((batch) => this.#place(batch));
      this.#statements.commit.run();
      this.#tip.keep();
      return settlements;
    } catch (error) {
      const failure = this.#abandon(error);
      return group.map(() => ({ kind: 'failed', error: failure }));
    }
  }

  /** The owner is the only writer; were it not so, the heads in memory must not be believed. */
  #seeOtherWriters(): void {
    const version = this.#reader.dataVersion();
    if (version === this.#version) return;
    this.#version = version;
    this.#tip.forget();
  }

  #place(batch: SealedBatch): Settlement {
    const conflict = findConflict(batch, (stream) => this.#tip.stream(stream)?.head ?? null);
    if (conflict !== undefined) return { kind: 'conflict', conflict };
    const { nextPosition, ledger } = this.#tip.end();
    const heads = headsAfter(batch, ledger);
    if (!heads.ok) return { kind: 'failed', error: new RefusalError(heads.refusal) };
    for (const { bytes, digest } of batch.blobs) {
      if (bytesDigest(bytes) === digest) continue;
      const no = refusal('entry.invalid', `blob ${digest} has another content`);
      return { kind: 'failed', error: new RefusalError(no) };
    }
    this.#insert(batch, nextPosition);
    this.#tip.extend(batch.entries);
    return { kind: 'appended', position: nextPosition };
  }

  #insert({ entries, blobs }: SealedBatch, first: number): void {
    const statements = this.#statements;
    for (const [index, { entry, text, digest }] of entries.entries()) {
      const { id, isNew } = this.#tip.stage(entry.stream, { seq: entry.seq, digest });
      if (isNew) statements.stream.run(id, entry.stream);
      statements.entry.run(first + index, id, entry.seq, text, Buffer.from(digest, 'hex'));
    }
    for (const { digest, mediaType, bytes } of blobs) statements.blob.run(digest, mediaType, bytes);
  }

  /**
   * Ends a transaction that failed. Whether its last write reached the disk is unknown after an
   * input or output error, so that nothing more is written until the ledger is opened anew.
   */
  #abandon(error: unknown): Error {
    const failure = failureOf(error);
    if (!isPassing(error)) this.#broken = failure;
    this.#tip.forget();
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch (rollbackError) {
      this.#broken = failureOf(rollbackError);
    }
    return failure;
  }
}
