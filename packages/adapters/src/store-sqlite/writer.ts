import type { DatabaseSync } from 'node:sqlite';
import { bytesDigest } from '@chancery/kernel/encoding';
import { findConflict, headsAfter, prunedBlobs } from '@chancery/kernel/ledger';
import { refusal } from '@chancery/kernel/refusal';
import { failureOf, isPassing } from './failure.ts';
import { Reader } from './reader.ts';
import { settlementOf, type Settlement, type WrittenBatch } from './settlement.ts';
import { Tip } from './tip.ts';
import { WalRoom } from './wal-room.ts';

/**
 * Writes groups of batches over one connection, one transaction and one durable barrier each. A
 * batch of the group is refused alone; a failure of the transaction fails all of them.
 */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #reader: Reader;
  readonly #tip: Tip;
  readonly #room: WalRoom;
  readonly #statements;
  #version: number;
  #broken: Error | undefined;

  /** `path` is that of the database. */
  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#reader = new Reader(database);
    this.#tip = new Tip(this.#reader);
    this.#room = new WalRoom(path);
    this.#version = this.#reader.dataVersion();
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
      prune: database.prepare('DELETE FROM blobs WHERE digest = ?'),
    };
  }

  /** Whether it refuses everything, since nobody knows what its last write has left behind. */
  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  /** Settles each batch of the group, in order; durable when it returns. Does not throw. */
  write(group: readonly WrittenBatch[]): readonly Settlement[] {
    const broken = this.#broken;
    if (broken !== undefined) return group.map(() => settlementOf(broken));
    try {
      this.#statements.begin.run();
      this.#seeOtherWriters();
      const settlements = group.map((batch) => this.#place(batch));
      this.#statements.commit.run();
      this.#tip.keep();
      return settlements;
    } catch (error) {
      const failure = this.#abandon(error);
      return group.map(() => settlementOf(failure));
    }
  }

  /** To be called between two groups: makes the next barrier cheaper. */
  makeRoom(): void {
    this.#room.make();
  }

  /** Leaves the database open. */
  close(): void {
    this.#room.close();
  }

  /** Whoever else has written (another thread of ours, say) has moved the heads in memory. */
  #seeOtherWriters(): void {
    const version = this.#reader.dataVersion();
    if (version === this.#version) return;
    this.#version = version;
    this.#tip.forget();
  }

  #place(batch: WrittenBatch): Settlement {
    const conflict = findConflict(batch, (stream) => this.#tip.stream(stream)?.head ?? null);
    if (conflict !== undefined) return { kind: 'conflict', conflict };
    const { nextPosition, ledger } = this.#tip.end();
    const heads = headsAfter(batch, ledger);
    if (!heads.ok) return { kind: 'refused', refusal: heads.refusal };
    for (const { bytes, digest } of batch.blobs) {
      if (bytesDigest(bytes) === digest) continue;
      const no = refusal('entry.invalid', `blob ${digest} has another content`);
      return { kind: 'refused', refusal: no };
    }
    this.#insert(batch, nextPosition);
    this.#tip.extend(batch.entries);
    return { kind: 'appended', position: nextPosition };
  }

  #insert({ entries, blobs }: WrittenBatch, first: number): void {
    const statements = this.#statements;
    for (const [index, { entry, text, digest }] of entries.entries()) {
      const { id, isNew } = this.#tip.stage(entry.stream, { seq: entry.seq, digest });
      if (isNew) statements.stream.run(id, entry.stream);
      statements.entry.run(first + index, id, entry.seq, text, Buffer.from(digest, 'hex'));
    }
    for (const { digest, mediaType, bytes } of blobs) statements.blob.run(digest, mediaType, bytes);
    for (const digest of prunedBlobs(entries)) statements.prune.run(digest);
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
