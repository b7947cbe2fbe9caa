import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { migratePostgres, openPostgresStore } from '@chancery/adapters/store-postgres';
import type { Head, LedgerStore, SealedBatch } from '@chancery/kernel/ledger';
import { startPostgres } from '@chancery/testkit/postgres-server';
import { genesis, headAfter, turns } from '@chancery/testkit/store-suite';
import { appendRow, entriesPerBatch, Lane, timeEach } from '../append-lane.ts';
import type { BenchRow } from '../row.ts';

const serialRounds = 20;
const appendsPerRound = 50;
const trajectories = 64;
const groupRounds = 5;
const warmGroupRounds = 2;
const batchesPerRound = 20;

/** Durable appends to PostgreSQL; no row, and a word of why, where there is none to be had. */
export async function appendPostgresRows(): Promise<BenchRow[]> {
  const server = await startPostgres();
  if (server === undefined) {
    process.stderr.write('append-postgres: left out, there is no PostgreSQL on this machine\n');
    return [];
  }
  try {
    await migratePostgres({ url: server.url });
    const ledger = randomUUID();
    const store = await openPostgresStore({ url: server.url, ledger, create: true });
    const plain = await Plain.open(server.url);
    await store.append(genesis);
    const rows = [await serialRow(store, plain), await groupRow(store, plain)];
    await Promise.all([store.close(), plain.close()]);
    return rows;
  } finally {
    await server.dispose();
  }
}

/** Inserts rows into the tables of a ledger, without any hashing or check. */
class Plain {
  readonly #client: Client;
  readonly #streams = new Map<string, number>();
  readonly #places = new Map<number, string>();
  #position = 0;

  static async open(url: string): Promise<Plain> {
    const client = new Client({ connectionString: url });
    await client.connect();
    return new Plain(client);
  }

  private constructor(client: Client) {
    this.#client = client;
  }

  /** One transaction, durable when it resolves; milliseconds that it took. */
  async insert(batches: readonly SealedBatch[]): Promise<number> {
    const at = performance.now();
    const entries = batches.flatMap((batch) => batch.entries);
    const first = this.#position;
    this.#position += entries.length;
    await this.#client.query({
      name: `plain ${entries.length}`,
      text: `INSERT INTO chancery.entries (ledger, position, stream, seq, text, digest)
VALUES ${this.#placesFor(entries.length)}`,
      values: entries.flatMap(({ entry, text, digest }, index) => [
        ...[first + index, this.#numberOf(entry.stream), entry.seq],
        ...[text, Buffer.from(digest, 'hex')],
      ]),
    });
    return performance.now() - at;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  /** The fastest that PostgreSQL takes them: a place for each value, prepared once. */
  #placesFor(entries: number): string {
    const known = this.#places.get(entries);
    if (known !== undefined) return known;
    const rows = Array.from({ length: entries }, (_, index) => {
      const places = [1, 2, 3, 4, 5].map((place) => `$${index * 5 + place}`);
      return `(0, ${places.join(', ')})`;
    });
    const made = rows.join(', ');
    this.#places.set(entries, made);
    return made;
  }

  #numberOf(stream: string): number {
    const known = this.#streams.get(stream) ?? this.#streams.size + 1;
    this.#streams.set(stream, known);
    return known;
  }
}

/** Floor: one row inserted and committed in one round trip, by turns with the appends. */
async function serialRow(store: LedgerStore, plain: Plain): Promise<BenchRow> {
  const samples: number[] = [];
  let plainMs = 0;
  let head: Head | null = null;
  for (let round = -1; round < serialRounds; round += 1) {
    const batches: SealedBatch[] = [];
    for (let index = 0; index < appendsPerRound; index += 1) {
      const batch = turns('run:serial', head, 1);
      head = headAfter(batch, 'run:serial');
      batches.push(batch);
    }
    let roundMs = 0;
    for (const batch of batches) roundMs += await plain.insert([batch]);
    const taken = await timeEach(store, batches);
    if (round < 0) continue;
    plainMs += roundMs;
    samples.push(...taken);
  }
  const count = serialRounds * appendsPerRound;
  const tookMs = samples.reduce((sum, ms) => sum + ms, 0);
  return appendRow(
    'append-serial-postgres',
    { samplesMs: samples, count, tookMs },
    { name: 'insert + commit', ms: plainMs },
  );
}

/** Peer: the same rows inserted into the same table, a batch of each trajectory at once. Ours includes sealing. */
async function groupRow(store: LedgerStore, plain: Plain): Promise<BenchRow> {
  const lanes = Array.from({ length: trajectories }, (_, index) => new Lane(`run:${index}`));
  const samplesMs: number[] = [];
  const sum = { tookMs: 0, plainMs: 0 };
  for (let round = -warmGroupRounds; round < groupRounds; round += 1) {
    const at = performance.now();
    const written = await Promise.all(lanes.map((lane) => lane.append(store, batchesPerRound)));
    const tookMs = performance.now() - at;
    let plainMs = 0;
    for (let index = 0; index < batchesPerRound; index += 1) {
      plainMs += await plain.insert(written.flatMap((lane) => lane[index]?.batch ?? []));
    }
    if (round < 0) continue;
    samplesMs.push(...written.flatMap((lane) => lane.map(({ ms }) => ms)));
    sum.tookMs += tookMs;
    sum.plainMs += plainMs;
  }
  const count = groupRounds * batchesPerRound * trajectories * entriesPerBatch;
  const { tookMs, plainMs } = sum;
  return appendRow(
    'append-group-postgres',
    { samplesMs, count, tookMs },
    { name: 'bulk insert', ms: plainMs },
  );
}
