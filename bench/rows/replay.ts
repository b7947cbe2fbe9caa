import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredEntry } from '@chancery/kernel/ledger';
import { verifyLedger } from '@chancery/kernel/replay';
import { governedHouse, governedLane } from '../governed-house.ts';
import { percentiles, type BenchRow } from '../row.ts';

/** Entries a second that one core is to verify and fold. */
const wanted = 250_000;
const runs = 16;
const actionsPerRun = 250;
const rounds = { warmUp: 2, measured: 10 };

/** Verification of a whole ledger: bytes, links, signatures, authority, and the fold of every run. */
export async function replayRows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-replay-'));
  const house = await governedHouse(join(folder, 'ledger.db'));
  const lanes = await Promise.all(Array.from({ length: runs }, () => governedLane(house)));
  await Promise.all(lanes.map((lane) => lane(actionsPerRun)));
  const stored: readonly StoredEntry[] = await house.store.readAll(0, 1_000_000);
  const heads = (await house.store.streams('')).map(({ stream, head }) => [stream, head] as const);
  await house.store.close();
  rmSync(folder, { recursive: true });
  const samples: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const at = performance.now();
    const { ok } = verifyLedger(house.ledger, [stored], new Map(heads));
    const tookUs = (performance.now() - at) * 1_000;
    if (!ok) throw new Error('the ledger does not verify');
    if (round >= 0) samples.push(tookUs / stored.length);
  }
  const times = percentiles(samples);
  const ratio = 1e6 / times.p50 / wanted;
  return [
    {
      name: 'verify-and-replay',
      unit: 'µs',
      ...times,
      perSecond: 1e6 / times.p50,
      reference: { name: 'entries wanted', perSecond: wanted },
      ratio,
      bar: 1,
      met: ratio >= 1,
    },
  ];
}
