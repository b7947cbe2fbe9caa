import type { ClientConfig } from 'pg';
import type { Digest } from '@chancery/kernel/encoding';
import type {
  AppendOutcome,
  Head,
  LedgerStore,
  SealedBatch,
  StoredEntry,
  StreamHead,
} from '@chancery/kernel/ledger';
import { configOf, type PostgresAddress } from './address.ts';
import { connect, Line } from './connection.ts';
import { failureOf, refuse, remedies } from './failure.ts';
import { Group } from './group.ts';
import { checkFormat } from './migrate.ts';
import { News } from './news.ts';
import { Notice } from './notice.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

export interface PostgresStoreOptions extends PostgresAddress {
  /** Name of the ledger among those of the database: one for each tenant. */
  readonly ledger: string;
  /** Found an empty ledger where there is none; otherwise that is `ledger.missing`. */
  readonly create?: boolean;
  /** Let nobody else write until the store is closed; `ledger.busy` where another process writes. */
  readonly alone?: boolean;
}

/**
 * Opens a ledger in a database that `migratePostgres` has prepared. Any number of processes may
 * write it at once.
 * @throws {RefusalError} `ledger.missing`, `ledger.newer`, `ledger.unreachable`; `ledger.busy` where
 * it is to write alone.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<LedgerStore> {
  const config = configOf(options);
  const ledgerId = await ledgerIdOf(config, options);
  const line = new Line(config);
  const writing = options.alone === true ? 'alone' : 'shared';
  const writer = new Writer({ line, ledgerId, writing });
  // The lock is held from now on, before anything is read that is to be relied on.
  if (writing === 'alone') await writer.connect();
  return new PostgresStore(config, ledgerId, { line, writer });
}

async function ledgerIdOf(
  config: ClientConfig,
  { ledger, create = false }: PostgresStoreOptions,
): Promise<number> {
  const client = await connect(config);
  try {
    await checkFormat(client);
    if (create) {
      const insert = 'INSERT INTO chancery.ledgers (name) VALUES ($1) ON CONFLICT DO NOTHING';
      await client.query(insert, [ledger]);
    }
    const { rows } = await client.query<{ id: number }>(
      'SELECT id FROM chancery.ledgers WHERE name = $1',
      [ledger],
    );
    if (rows[0] === undefined) {
      throw refuse('ledger.missing', `the database has no ledger ${ledger}`, {
        remedy: remedies.ledger,
      });
    }
    return rows[0].id;
  } catch (error) {
    throw failureOf(error);
  } finally {
    await client.end();
  }
}

class PostgresStore implements LedgerStore {
  readonly #reader: Reader;
  readonly #line: Line;
  readonly #group: Group;
  readonly #news: News;
  readonly #notice: Notice;
  readonly #listeners = new Set<() => void>();
  #closing: Promise<void> | undefined;

  constructor(
    config: ClientConfig,
    ledgerId: number,
    { line, writer }: { readonly line: Line; readonly writer: Writer },
  ) {
    const reader = new Reader(config, ledgerId);
    const tell = (): void => this.#tell();
    this.#reader = reader;
    this.#line = line;
    this.#notice = new Notice(() => reader.notify());
    this.#news = new News(config, ledgerId, { end: () => reader.end(), tell });
    this.#group = new Group(
      (batches) => writer.write(batches),
      () => {
        tell();
        this.#notice.send();
      },
    );
  }

  async append(batch: SealedBatch): Promise<AppendOutcome> {
    this.#assertOpen();
    return this.#group.add(batch);
  }

  async head(stream: string): Promise<Head | null> {
    this.#assertOpen();
    return this.#reader.head(stream);
  }

  async heads(streams: readonly string[]): Promise<readonly (Head | null)[]> {
    this.#assertOpen();
    return this.#reader.headsOf(streams);
  }

  async read(stream: string, fromSeq: number, limit: number): Promise<readonly StoredEntry[]> {
    this.#assertOpen();
    return this.#reader.stream(stream, fromSeq, limit);
  }

  async readAll(fromPosition: number, limit: number): Promise<readonly StoredEntry[]> {
    this.#assertOpen();
    return this.#reader.all(fromPosition, limit);
  }

  async streams(prefix: string): Promise<readonly StreamHead[]> {
    this.#assertOpen();
    return this.#reader.heads(prefix);
  }

  async blob(digest: Digest): Promise<Uint8Array | undefined> {
    this.#assertOpen();
    return this.#reader.blob(digest);
  }

  subscribe(listener: () => void): () => void {
    this.#assertOpen();
    this.#listeners.add(listener);
    this.#news.start();
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    this.#listeners.clear();
    await this.#group.settled();
    await this.#notice.sent();
    await this.#news.stop();
    await this.#line.close();
    await this.#reader.close();
  }

  /** A listener that throws is its owner's fault and disturbs no other. */
  #tell(): void {
    for (const listener of this.#listeners) queueMicrotask(listener);
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw refuse('ledger.unreachable', 'the store is closed');
  }
}
