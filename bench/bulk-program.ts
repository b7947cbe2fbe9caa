import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteStore, readSqliteStore } from '@chancery/adapters/store-sqlite';
import { leafDigest } from '@chancery/kernel/encoding';
import type { LedgerStore, StoredEntry } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import type { BulkFiles, BulkRound } from './bulk.ts';

/* The program of the thread that `Bulk` starts; the files are its data. */

interface Row {
  readonly stream: number;
  readonly seq: number;
  readonly text: string;
  readonly digest: Uint8Array;
}

class Inserter {
  readonly #database: DatabaseSync;
  readonly #insert;
  readonly #streams = new Map<string, number>();
  #position = 0;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
    this.#insert = this.#database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?)');
  }

  rowOf({ stream, seq, text }: StoredEntry): Row {
    const known = this.#streams.get(stream) ?? this.#streams.size + 1;
    this.#streams.set(stream, known);
    return { stream: known, seq, text, digest: Buffer.from(leafDigest(text), 'hex') };
  }

  /** Milliseconds that one durable transaction with these rows took. */
  transaction(rows: readonly Row[]): number {
    const at = performance.now();
    this.#database.exec('BEGIN IMMEDIATE');
    for (const { stream, seq, text, digest } of rows) {
      this.#insert.run(this.#position, stream, seq, text, digest);
      this.#position += 1;
    }
    this.#database.exec('COMMIT');
    return performance.now() - at;
  }

  get position(): number {
    return this.#position;
  }
}

/** Inserts what the ledger has got since the last round, in groups of these sizes by turns. */
async function round(
  ledger: LedgerStore,
  inserter: Inserter,
  groups: readonly number[],
): Promise<BulkRound> {
  const entries = await ledger.readAll(inserter.position, 1_000_000);
  const rows = entries.map((entry) => inserter.rowOf(entry));
  let tookMs = 0;
  for (let from = 0, turn = 0; from < rows.length; turn += 1) {
    const size = groups[turn % groups.length] ?? rows.length;
    tookMs += inserter.transaction(rows.slice(from, from + size));
    from += size;
  }
  return { rows: rows.length, tookMs };
}

assert(parentPort !== null, 'this program runs in a thread');
const port = parentPort;
const files = workerData as BulkFiles;
await openSqliteStore({ path: files.bulk, create: true }).close();
const ledger = readSqliteStore(files.ledger);
const inserter = new Inserter(files.bulk);
port.on('message', (groups: readonly number[]) => {
  void round(ledger, inserter, groups).then((made) => port.postMessage(made));
});
