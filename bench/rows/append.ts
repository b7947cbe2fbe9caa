import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import {
  sealBatch,
  type Draft,
  type Head,
  type LedgerStore,
  type SealedBatch,
} from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { genesis, headAfter, ledgerId, turn, turns } from '@chancery/testkit/store-suite';
import { openBulk, rowOf } from '../bulk.ts';
import { percentile, type BenchRow } from '../row.ts';

const by = `ed25519:${'0'.repeat(64)}`;
const bar = 0.7;
const serialRounds = 20;
const appendsPerRound = 100;
const trajectories = 64;
const groupRounds = 150;
const entriesPerBatch = 2;
/** Not measured: a WAL that has its length yet to reach is slower, ours and the peer's. */
const warmGroupRounds = 80;

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
  return row('append-serial', samples, count, { name: 'write + fdatasync', ms: rawMs });
}

async function timeEach(store: LedgerStore, batches: readonly SealedBatch[]): Promise<number[]> {
  const samples: number[] = [];
  for (const batch of batches) {
    const at = performance.now();
    await store.append(batch);
    samples.push(performance.now() - at);
  }
  return samples;
}

/**
 * Peer: the same rows inserted into the same schema, a transaction for each group, by turns with
 * the appends. Ours includes sealing: checks, canonical text, digests, chain.
 */
async function groupRow(store: LedgerStore, folder: string): Promise<BenchRow> {
  const bulk = await openBulk(join(folder, 'bulk.db'));
  const lanes = Array.from({ length: trajectories }, (_, index) => new Lane(`run:${index}`));
  const samples: number[] = [];
  let bulkMs = 0;
  for (let round = -warmGroupRounds; round < groupRounds; round += 1) {
    const at = performance.now();
    const batches = lanes.map((lane) => lane.next(round));
    await Promise.all(batches.map((batch) => store.append(batch)));
    const takenMs = performance.now() - at;
    const insertedMs = bulk.insert(
      batches.flatMap(({ entries }) =>
        entries.map(({ entry, text }) => rowOf({ stream: entry.stream, seq: entry.seq, text })),
      ),
    );
    if (round < 0) continue;
    samples.push(takenMs);
    bulkMs += insertedMs;
  }
  bulk.close();
  const count = groupRounds * trajectories * entriesPerBatch;
  return row('append-group', samples, count, { name: 'bulk insert', ms: bulkMs });
}

/** A trajectory: seals one batch after another. */
class Lane {
  readonly #stream: string;
  readonly #drafts: readonly Draft[];
  #heads: ReadonlyMap<string, Head> = new Map();

  constructor(stream: string) {
    this.#stream = stream;
    this.#drafts = Array.from({ length: entriesPerBatch }, (_, index) => turn(stream, index));
  }

  next(round: number): SealedBatch {
    const head = this.#heads.get(this.#stream) ?? null;
    const sealed = sealBatch({
      ledger: ledgerId,
      by,
      nowMs: 1,
      batchId: `${this.#stream}.${round}`,
      heads: this.#heads,
      drafts: this.#drafts,
    });
    if (!sealed.ok) throw new RefusalError(sealed.refusal);
    this.#heads = sealed.value.heads;
    const writes = [{ stream: this.#stream, head }];
    return { entries: sealed.value.entries, writes, reads: [], blobs: [] };
  }
}

function row(
  name: string,
  samplesMs: readonly number[],
  count: number,
  floor: { readonly name: string; readonly ms: number },
): BenchRow {
  const totalMs = samplesMs.reduce((sum, ms) => sum + ms, 0);
  const ratio = floor.ms / totalMs;
  return {
    name,
    unit: 'µs',
    p50: percentile(samplesMs, 0.5) * 1_000,
    p95: percentile(samplesMs, 0.95) * 1_000,
    p99: percentile(samplesMs, 0.99) * 1_000,
    perSecond: (count / totalMs) * 1_000,
    reference: { name: floor.name, perSecond: (count / floor.ms) * 1_000 },
    ratio,
    bar,
    met: ratio >= bar,
  };
}
