import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { leafDigest, type Digest } from '@chancery/kernel/encoding';
import { type StoredEntry } from '@chancery/kernel/ledger';

/** Columns of an entry. */
export interface Row {
  readonly stream: string;
  readonly seq: number;
  readonly text: string;
  /** Hexadecimal, as an entry has it; stored as bytes. */
  readonly digest: Digest;
}

export function rowOf({ stream, seq, text }: Pick<StoredEntry, 'stream' | 'seq' | 'text'>): Row {
  return { stream, seq, text, digest: leafDigest(text) };
}

/** Inserts rows into the tables of a ledger, without any hashing or check. */
export interface Bulk {
  /** One transaction, durable when it returns; milliseconds that it took. */
  readonly insert: (rows: readonly Row[]) => number;
  readonly close: () => void;
}

export async function openBulk(path: string): Promise<Bulk> {
  await openSqliteStore({ path, create: true }).close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
  const insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?)');
  const streams = new Map<string, number>();
  const numberOf = (stream: string): number => {
    const known = streams.get(stream) ?? streams.size + 1;
    streams.set(stream, known);
    return known;
  };
  let position = 0;
  return {
    insert: (rows) => {
      const at = performance.now();
      database.exec('BEGIN IMMEDIATE');
      for (const { stream, seq, text, digest } of rows) {
        insert.run(position, numberOf(stream), seq, text, Buffer.from(digest, 'hex'));
        position += 1;
      }
      database.exec('COMMIT');
      return performance.now() - at;
    },
    close: () => database.close(),
  };
}
