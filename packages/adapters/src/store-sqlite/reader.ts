import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { bytesDigest, leafDigest, type Digest } from '@chancery/kernel/encoding';
import type { Head, StoredEntry, StreamHead } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import { corrupt } from './failure.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** Last entry of a stream, and the number that stands for the stream's name in the rows. */
export interface StreamTip {
  readonly id: number;
  readonly head: Head;
}

/** End of the ledger: what the next entry and the next stream are numbered. */
export interface LedgerEnd {
  readonly nextPosition: number;
  readonly nextStream: number;
  /** Digest of the first entry; null while there is none. */
  readonly ledger: Digest | null;
}

const lastOfStream = `SELECT s.id, s.name, e.seq, e.digest FROM streams s
JOIN entries e ON e.stream = s.id AND e.seq = (SELECT max(seq) FROM entries WHERE stream = s.id)`;

const entryColumns = `SELECT e.position, s.name, e.seq, e.text FROM entries e
JOIN streams s ON s.id = e.stream`;

/** Greater than whatever may follow the prefix of a name. */
const afterAll = '\u{10ffff}';

/** Reads over one connection. Trusts no row: one of the wrong shape is a corrupt ledger. */
export class Reader {
  readonly #database: DatabaseSync;
  readonly #statements;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = {
      stream: database.prepare(
        `${entryColumns} WHERE s.name = ? AND e.seq >= ? ORDER BY e.seq LIMIT ?`,
      ),
      all: database.prepare(`${entryColumns} WHERE e.position >= ? ORDER BY e.position LIMIT ?`),
      tip: database.prepare(`${lastOfStream} WHERE s.name = ?`),
      tips: database.prepare(`${lastOfStream} WHERE s.name >= ? AND s.name < ?`),
      blob: database.prepare('SELECT bytes FROM blobs WHERE digest = ?'),
      version: database.prepare('PRAGMA data_version'),
    };
  }

  stream(stream: string, fromSeq: number, limit: number): StoredEntry[] {
    assertPage(fromSeq, limit);
    return this.#statements.stream.all(stream, fromSeq, limit).map(storedEntry);
  }

  all(fromPosition: number, limit: number): StoredEntry[] {
    assertPage(fromPosition, limit);
    return this.#statements.all.all(fromPosition, limit).map(storedEntry);
  }

  tip(stream: string): StreamTip | undefined {
    const row = this.#statements.tip.get(stream);
    return row === undefined ? undefined : { id: integer(row, 'id'), head: headOf(row) };
  }

  /** Heads by name, in code unit order. */
  heads(prefix: string): StreamHead[] {
    return this.#statements.tips
      .all(prefix, prefix + afterAll)
      .map((row) => ({ stream: text(row, 'name'), head: headOf(row) }))
      .sort((a, b) => (a.stream < b.stream ? -1 : 1));
  }

  /** Heads of streams, of one moment; null for one that does not exist. */
  headsOf(streams: readonly string[]): (Head | null)[] {
    this.#database.exec('BEGIN');
    try {
      return streams.map((stream) => this.tip(stream)?.head ?? null);
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  blob(digest: Digest): Uint8Array | undefined {
    const bytes = this.#statements.blob.get(digest)?.['bytes'];
    if (bytes === undefined) return undefined;
    if (!(bytes instanceof Uint8Array) || bytesDigest(bytes) !== digest) {
      throw corrupt(`blob ${digest} has another content`);
    }
    return bytes;
  }

  end(): LedgerEnd {
    const row = this.#database
      .prepare(
        'SELECT (SELECT max(position) FROM entries) AS position, (SELECT max(id) FROM streams) AS stream',
      )
      .get();
    if (row === undefined) throw corrupt('the ledger has no end');
    if (row['position'] === null) return { nextPosition: 0, nextStream: 1, ledger: null };
    const [first] = this.all(0, 1);
    if (first?.position !== 0) throw corrupt('the first entry is missing');
    return {
      nextPosition: integer(row, 'position') + 1,
      nextStream: integer(row, 'stream') + 1,
      ledger: leafDigest(first.text),
    };
  }

  /** A number that changes when another connection has written. */
  dataVersion(): number {
    return Number(this.#statements.version.get()?.['data_version']);
  }
}

function assertPage(from: number, limit: number): void {
  assert(from >= 0 && limit >= 0, 'a page begins at 0 or later and has no negative size');
}

function headOf(row: Row): Head {
  const { digest } = row;
  if (!(digest instanceof Uint8Array)) throw corrupt('the digest of an entry is not bytes');
  return { seq: integer(row, 'seq'), digest: Buffer.from(digest).toString('hex') };
}

function storedEntry(row: Row): StoredEntry {
  return {
    position: integer(row, 'position'),
    stream: text(row, 'name'),
    seq: integer(row, 'seq'),
    text: text(row, 'text'),
  };
}

function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw corrupt(`${column} of an entry is not a number`);
  return value;
}

function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw corrupt(`${column} of an entry is not text`);
  return value;
}
