import type { DatabaseSync } from 'node:sqlite';
import type { Digest } from '@chancery/kernel/encoding';
import type {
  AppendOutcome,
  Head,
  LedgerStore,
  SealedBatch,
  StoredEntry,
  StreamHead,
} from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { changeWatch } from './change-watch.ts';
import { openDatabase } from './database.ts';
import { guarded } from './failure.ts';
import { Group } from './group.ts';
import { KnownHeads } from './known-heads.ts';
import { emptyLog, hasLog } from './left-log.ts';
import { Reader } from './reader.ts';
import { settle } from './settlement.ts';
import { TwoWriters } from './two-writers.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder must exist. */
  readonly path: string;
  /** Found an empty ledger where there is none; otherwise that is `ledger.missing`. */
  readonly create?: boolean;
}

/**
 * Opens a ledger to write and read it. The caller is its only writer.
 * @throws {RefusalError} `ledger.missing`, `ledger.newer`, `ledger.corrupt`, `ledger.unreachable`.
 */
export function openSqliteStore({ path, create = false }: SqliteStoreOptions): LedgerStore {
  const isLeft = hasLog(path);
  const database = openDatabase(path, { readOnly: false, create });
  try {
    if (isLeft) emptyLog(database, path);
    return new OwnedStore(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens a ledger that another process may be writing, to read it only: `append` is refused with
 * `ledger.busy`, and `subscribe` tells of that process's appends.
 * @throws {RefusalError} as `openSqliteStore` does.
 */
export function readSqliteStore(path: string): LedgerStore {
  return new ReadStore(openDatabase(path, { readOnly: true, create: false }));
}

abstract class SqliteStore {
  readonly #database: DatabaseSync;
  readonly #reader: Reader;
  protected readonly listeners = new Set<() => void>();

  constructor(database: DatabaseSync, reader: Reader) {
    this.#database = database;
    this.#reader = reader;
  }

  async read(stream: string, fromSeq: number, limit: number): Promise<readonly StoredEntry[]> {
    return this.ask((reader) => reader.stream(stream, fromSeq, limit));
  }

  async readAll(fromPosition: number, limit: number): Promise<readonly StoredEntry[]> {
    return this.ask((reader) => reader.all(fromPosition, limit));
  }

  async streams(prefix: string): Promise<readonly StreamHead[]> {
    return this.ask((reader) => reader.heads(prefix));
  }

  async blob(digest: Digest): Promise<Uint8Array | undefined> {
    return this.ask((reader) => reader.blob(digest));
  }

  async close(): Promise<void> {
    this.listeners.clear();
    if (this.#database.isOpen) guarded(() => this.#database.close());
  }

  protected ask<T>(question: (reader: Reader) => T): T {
    this.assertOpen();
    return guarded(() => question(this.#reader));
  }

  protected assertOpen(): void {
    if (this.#database.isOpen) return;
    throw closed();
  }

  /** A listener that throws is its owner's fault and disturbs no other. */
  protected tell(): void {
    for (const listener of this.listeners) queueMicrotask(listener);
  }
}

class OwnedStore extends SqliteStore implements LedgerStore {
  readonly #heads: KnownHeads;
  readonly #writers: TwoWriters;
  readonly #group: Group;
  #closing: Promise<void> | undefined;

  constructor(database: DatabaseSync, path: string) {
    const reader = new Reader(database);
    super(database, reader);
    this.#heads = new KnownHeads(reader);
    this.#writers = new TwoWriters(database, path, (group, settlements) => {
      this.#heads.learn(group, settlements);
      settle(group, settlements);
      if (settlements.some(({ kind }) => kind === 'appended')) this.tell();
    });
    this.#group = new Group(this.#writers);
  }

  async append(batch: SealedBatch): Promise<AppendOutcome> {
    this.assertOpen();
    return this.#group.add(batch);
  }

  async head(stream: string): Promise<Head | null> {
    return this.ask(() => this.#heads.of(stream));
  }

  async heads(streams: readonly string[]): Promise<readonly (Head | null)[]> {
    return this.ask(() => streams.map((stream) => this.#heads.of(stream)));
  }

  subscribe(listener: () => void): () => void {
    this.assertOpen();
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  override async close(): Promise<void> {
    this.#closing ??= this.#end();
    await this.#closing;
  }

  protected override assertOpen(): void {
    if (this.#closing !== undefined) throw closed();
    super.assertOpen();
  }

  async #end(): Promise<void> {
    this.#group.flush();
    await this.#writers.close();
    await super.close();
  }
}

function closed(): RefusalError {
  return new RefusalError(refusal('ledger.unreachable', 'the store is closed'));
}

/** How often a reader looks whether the owner has written. */
const pollMs = 50;

class ReadStore extends SqliteStore implements LedgerStore {
  #poll: NodeJS.Timeout | undefined;

  constructor(database: DatabaseSync) {
    super(database, new Reader(database));
  }

  async append(): Promise<AppendOutcome> {
    this.assertOpen();
    throw new RefusalError(refusal('ledger.busy', 'the ledger was opened to be read only'));
  }

  async head(stream: string): Promise<Head | null> {
    return this.ask((reader) => reader.tip(stream)?.head ?? null);
  }

  async heads(streams: readonly string[]): Promise<readonly (Head | null)[]> {
    return this.ask((reader) => reader.headsOf(streams));
  }

  subscribe(listener: () => void): () => void {
    this.assertOpen();
    this.listeners.add(listener);
    this.#start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.#stop();
    };
  }

  override async close(): Promise<void> {
    this.#stop();
    await super.close();
  }

  #start(): void {
    if (this.#poll !== undefined) return;
    const look = changeWatch(
      () => this.ask((reader) => reader.dataVersion()),
      () => this.tell(),
    );
    this.#poll = setInterval(look, pollMs).unref();
  }

  #stop(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }
}
