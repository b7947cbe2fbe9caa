import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { Head, LedgerStore, SealedBatch } from '@chancery/kernel/ledger';
import { genesis, headAfter, turns } from '@chancery/testkit/store-suite';
import { appendRow, entriesPerBatch, Lane, timeEach } from '../append-lane.ts';
import { Bulk } from '../bulk.ts';
import type { BenchRow } from '../row.ts';

const serialRounds = 20;
const appendsPerRound = 100;
const trajectories = 64;
const groupRounds = 8;
const batchesPerRound = 20;
/** Not measured: a WAL that has its length yet to reach is slower, ours and the peer's. */
const warmGroupRounds = 4;

/** Durable appends to SQLite: one at a time, and of many trajectories in flight. */
export async function appendRows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-append-'));
  const store = openSqliteStore({ path: join(folder, 'ledger.db'), create: true });
  try {
    await store.append(genesis);
    const group = await groupRow(store, folder);
    return [await serialRow(store, folder), group];
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Floor: `write` and `fdatasync` of as many bytes, by turns with the appends in small rounds. */
async function serialRow(store: LedgerStore, folder: string): Promise<BenchRow> {
  const file = openSync(join(folder, 'raw'), 'w');
  const samples: number[] = [];
  let rawMs = 0;
  let head: Head | null = null;
  for (let round = -1; round < serialRounds; round += 1) {
    const batches: SealedBatch[] = [];
    for (let index = 0; index < appendsPerRound; index += 1) {
      const batch = turns('run:serial', head, 1);
      head = headAfter(batch, 'run:serial');
      batches.push(batch);
    }
    const bytes = Buffer.alloc(batches[0]?.entries[0]?.text.length ?? 0, 'x');
    const rawAt = performance.now();
    for (let index = 0; index < appendsPerRound; index += 1) {
      writeSync(file, bytes);
      fdatasyncSync(file);
    }
    const roundMs = performance.now() - rawAt;
    const taken = await timeEach(store, batches);
    if (round < 0) continue;
    rawMs += roundMs;
    samples.push(...taken);
  }
  closeSync(file);
  const count = serialRounds * appendsPerRound;
  const tookMs = samples.reduce((sum, ms) => sum + ms, 0);
  return appendRow(
    'append-serial',
    { samplesMs: samples, count, tookMs },
    { name: 'write + fdatasync', ms: rawMs },
  );
}

/**
 * Peer: the same rows inserted into the same schema, in the same order, as many in a transaction as
 * there are trajectories, by turns with the appends. Ours includes sealing: checks, canonical text,
 * digests, chain.
 */
async function groupRow(store: LedgerStore, folder: string): Promise<BenchRow> {
  const bulk = new Bulk({ ledger: join(folder, 'ledger.db'), bulk: join(folder, 'bulk.db') });
  const lanes = Array.from({ length: trajectories }, (_, index) => new Lane(`run:${index}`));
  const samples: number[] = [];
  const sum = { tookMs: 0, bulkMs: 0 };
  for (let round = -warmGroupRounds; round < groupRounds; round += 1) {
    const at = performance.now();
    const written = await Promise.all(lanes.map((lane) => lane.append(store, batchesPerRound)));
    const tookMs = performance.now() - at;
    const floor = await bulk.round([trajectories * entriesPerBatch]);
    if (round < 0) continue;
    samples.push(...written.flatMap((lane) => lane.map(({ ms }) => ms)));
    sum.tookMs += tookMs;
    sum.bulkMs += floor.tookMs;
  }
  await bulk.close();
  const count = groupRounds * batchesPerRound * trajectories * entriesPerBatch;
  const { tookMs, bulkMs } = sum;
  return appendRow(
    'append-group',
    { samplesMs: samples, count, tookMs },
    { name: 'bulk insert', ms: bulkMs },
  );
}
