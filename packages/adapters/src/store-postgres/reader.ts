import { Pool, type ClientConfig, type QueryResultRow } from 'pg';
import { bytesDigest, type Digest } from '@chancery/kernel/encoding';
import type { Head, StoredEntry, StreamHead } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import { connect, hearLoss } from './connection.ts';
import { failureOf, isLost, refuse } from './failure.ts';

const columns = `SELECT e.position, s.name AS stream, e.seq, e.text FROM chancery.entries e
JOIN chancery.streams s ON s.ledger = e.ledger AND s.id = e.stream WHERE e.ledger = $1`;

/** Streams of a ledger with their last entries; a condition on `s` may follow. */
export const lastOfStreams = `SELECT s.id, s.name, e.seq, e.digest FROM chancery.streams s
CROSS JOIN LATERAL (SELECT seq, digest FROM chancery.entries
  WHERE ledger = s.ledger AND stream = s.id ORDER BY seq DESC LIMIT 1) e WHERE s.ledger = $1`;

const queries = {
  stream: `${columns} AND s.name = $2 AND e.seq >= $3 ORDER BY e.seq LIMIT $4`,
  all: `${columns} AND e.position >= $2 ORDER BY e.position LIMIT $3`,
  head: `${lastOfStreams} AND s.name = $2`,
  headsOf: `${lastOfStreams} AND s.name = ANY($2::text[])`,
  heads: `${lastOfStreams} AND s.name >= $2 AND s.name < $3`,
  blob: 'SELECT bytes FROM chancery.blobs WHERE ledger = $1 AND digest = $2',
  end: 'SELECT next_position FROM chancery.ledgers WHERE id = $1',
  // Nothing is lost with a notice: no flush is waited for, which an append may want at this moment.
  notify: `SELECT set_config('synchronous_commit', 'off', true),
pg_notify('chancery_' || $1::int, '')`,
} as const;

export interface TipRow {
  readonly id: number;
  readonly name: string;
  readonly seq: number;
  readonly digest: Buffer;
}

/** Greater than whatever may follow the prefix of a name. */
const afterAll = '\u{10ffff}';
const connections = 3;

/** Reads a ledger over a few connections. A question whose connection was lost is asked again. */
export class Reader {
  readonly #config: ClientConfig;
  readonly #pool: Pool;
  readonly #ledger: number;

  constructor(config: ClientConfig, ledger: number) {
    this.#config = config;
    this.#ledger = ledger;
    this.#pool = new Pool({ ...config, max: connections, application_name: 'chancery reader' });
    this.#pool.on('error', hearLoss);
    this.#pool.on('connect', (client) => client.on('error', hearLoss));
  }

  async stream(stream: string, fromSeq: number, limit: number): Promise<StoredEntry[]> {
    assertPage(fromSeq, limit);
    return this.#ask<StoredEntry>('stream', [stream, fromSeq, limit]);
  }

  async all(fromPosition: number, limit: number): Promise<StoredEntry[]> {
    assertPage(fromPosition, limit);
    return this.#ask<StoredEntry>('all', [fromPosition, limit]);
  }

  async head(stream: string): Promise<Head | null> {
    const [row] = await this.#ask<TipRow>('head', [stream]);
    return row === undefined ? null : headOf(row);
  }

  /** Heads of streams, of one moment; null for one that does not exist. */
  async headsOf(streams: readonly string[]): Promise<(Head | null)[]> {
    const rows = await this.#ask<TipRow>('headsOf', [streams]);
    const heads = new Map(rows.map((row) => [row.name, headOf(row)]));
    return streams.map((stream) => heads.get(stream) ?? null);
  }

  /** Heads by name, in code unit order. */
  async heads(prefix: string): Promise<StreamHead[]> {
    const rows = await this.#ask<TipRow>('heads', [prefix, prefix + afterAll]);
    return rows
      .map((row) => ({ stream: row.name, head: headOf(row) }))
      .sort((a, b) => (a.stream < b.stream ? -1 : 1));
  }

  async blob(digest: Digest): Promise<Uint8Array | undefined> {
    const [row] = await this.#ask<{ bytes: Buffer }>('blob', [Buffer.from(digest, 'hex')]);
    if (row === undefined) return undefined;
    if (bytesDigest(row.bytes) !== digest) {
      throw refuse('ledger.corrupt', `blob ${digest} has another content`);
    }
    return new Uint8Array(row.bytes);
  }

  /** How many entries there are. */
  async end(): Promise<number> {
    const [row] = await this.#ask<{ next_position: number }>('end', []);
    if (row === undefined) throw refuse('ledger.corrupt', 'the ledger is gone');
    return row.next_position;
  }

  /** Tells the listeners in other processes that there are new entries. */
  async notify(): Promise<void> {
    await this.#ask('notify', []);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #ask<T extends QueryResultRow>(
    name: keyof typeof queries,
    values: readonly unknown[],
  ): Promise<T[]> {
    const question = { name, text: queries[name], values: [this.#ledger, ...values] };
    try {
      return (await this.#pool.query<T>(question)).rows;
    } catch (error) {
      if (!isLost(error)) throw failureOf(error);
    }
    const client = await connect(this.#config);
    try {
      return (await client.query<T>(question)).rows;
    } catch (error) {
      throw failureOf(error);
    } finally {
      await client.end();
    }
  }
}

function assertPage(from: number, limit: number): void {
  assert(from >= 0 && limit >= 0, 'a page begins at 0 or later and has no negative size');
}

export function headOf({ seq, digest }: TipRow): Head {
  return { seq, digest: digest.toString('hex') };
}
