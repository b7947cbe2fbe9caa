import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bulk } from '../bulk.ts';
import type { TestHouse } from '@chancery/testkit/house';
import {
  governedHouse,
  governedLane,
  governedLanes,
  inFlight,
  takeTurn,
} from '../governed-house.ts';
import { percentile, percentiles, type BenchRow } from '../row.ts';

const actionsPerLane = 50;
const rounds = { warmUp: 3, measured: 8 };
const groupBar = 0.5;

const serial = { warmUp: 100, measured: 400 };
/** One at a time, an action may take this many barriers and this much beside. */
const barriers = 2.5;
const besideMs = 0.3;

/** An action from intent to commit, of many runs in flight and of one alone. */
export async function governedRows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-governed-'));
  const ledger = join(folder, 'ledger.db');
  const house = await governedHouse(ledger);
  const bulk = new Bulk({ ledger, bulk: join(folder, 'bulk.db') });
  try {
    return [await groupRow(house, bulk), await serialRow(house, folder)];
  } finally {
    await bulk.close();
    await house.store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Floor: the rows of these very actions, inserted in the same order and in groups of the same size. */
async function groupRow(house: TestHouse, bulk: Bulk): Promise<BenchRow> {
  const lanes = await governedLanes(house);
  const samples: number[] = [];
  const sum = { tookMs: 0, bulkMs: 0, rows: 0 };
  await bulk.round(groups);
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const { tookMs, samplesMs } = await takeTurn(lanes, actionsPerLane);
    const floor = await bulk.round(groups);
    if (round < 0) continue;
    samples.push(...samplesMs);
    sum.tookMs += tookMs;
    sum.bulkMs += floor.tookMs;
    sum.rows += floor.rows;
  }
  const perSecond = (samples.length / sum.tookMs) * 1_000;
  const reference = (samples.length / sum.bulkMs) * 1_000;
  const ratio = perSecond / reference;
  return {
    name: `governed-${inFlight}-in-flight`,
    unit: 'ms',
    ...percentiles(samples),
    perSecond,
    reference: { name: `bulk rows ÷ ${sum.rows / samples.length}`, perSecond: reference },
    ratio,
    bar: groupBar,
    met: ratio >= groupBar,
  };
}

/** Rows that share a transaction: of each action three before its effect, then one after it. */
const groups = [inFlight * 3, inFlight];

async function serialRow(house: TestHouse, folder: string): Promise<BenchRow> {
  const lane = await governedLane(house);
  await lane(serial.warmUp);
  const before = barrierMs(folder);
  const samples = await lane(serial.measured);
  const floorMs = percentile([...before, ...barrierMs(folder)], 0.5);
  const mostMs = barriers * floorMs + besideMs;
  const times = percentiles(samples);
  const ratio = mostMs / times.p50;
  return {
    name: 'governed-serial',
    unit: 'ms',
    ...times,
    perSecond: 1_000 / times.p50,
    reference: { name: `${barriers} barriers + ${besideMs} ms`, perSecond: 1_000 / mostMs },
    ratio,
    bar: 1,
    met: ratio >= 1,
  };
}

/** Times of `write` and `fdatasync` of as many bytes as an append writes. */
function barrierMs(folder: string): readonly number[] {
  const file = openSync(join(folder, 'raw'), 'w');
  const bytes = Buffer.alloc(2_048, 'x');
  const samples = Array.from({ length: 200 }, () => {
    const at = performance.now();
    writeSync(file, bytes);
    fdatasyncSync(file);
    return performance.now() - at;
  });
  closeSync(file);
  return samples;
}
