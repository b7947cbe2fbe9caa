import { describe, expect, it } from 'vitest';
import type { Trial } from '@chancery/domain/simulation';
import type { Digest } from '@chancery/kernel/encoding';
import {
  exportOf,
  ledgerFixture,
  someBundle,
  trustRuntime,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import type { ExportFile } from '../transfer/index.ts';
import { simulateExport, type SimulatedExport } from './simulate-export.ts';

function ledgerOf(outside?: Map<Digest, Uint8Array>): LedgerFixture {
  const on = ledgerFixture();
  trustRuntime(on);
  writeRun(on, 'r1', on.writ, outside);
  return on;
}

function fileOf(lines: readonly string[]): ExportFile {
  const bytes = Buffer.from(lines.join(''));
  return { read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) };
}

function simulated(lines: readonly string[], request: Partial<SimulatedExport> = {}) {
  const all = { trials: [], sinceMs: 0, source: 0, runs: undefined };
  return simulateExport({ ...all, ...request, file: fileOf(lines) });
}

const without: readonly Trial[] = [{ kind: 'without', level: 'tenant', name: 'default' }];

describe('an export that is decided again', () => {
  it('comes out the same with what was active, wherever its contents stand', async () => {
    const outside = new Map<Digest, Uint8Array>();
    const inline = await simulated(exportOf(ledgerOf()));
    const apart = await simulated(exportOf(ledgerOf(outside), { blobs: outside }));
    for (const { tally, runs } of [inline, apart]) {
      expect(tally.counts).toMatchObject({ same: 3, undecided: 1, flipped: 0, unreadable: 0 });
      expect([...runs]).toEqual(['r1']);
    }
  });

  it('tells what flips, of the runs that are asked about', async () => {
    const lines = exportOf(ledgerOf());
    const { tally } = await simulated(lines, { trials: without });
    expect(tally.counts).toMatchObject({ flipped: 1, diverged: 3 });
    const others = await simulated(lines, { trials: without, runs: new Set(['r2']) });
    expect([others.tally.runs, others.runs.size]).toEqual([0, 0]);
  });

  it('is refused where it is damaged, cut short, or has not got its policies', async () => {
    const lines = exportOf(ledgerOf());
    const changed = lines.map((line) => line.replace('src/sum.ts', 'src/sum.js'));
    await expect(simulated(changed)).rejects.toMatchObject({
      refusal: { code: 'export.invalid' },
    });
    await expect(simulated(lines.slice(0, -3))).rejects.toMatchObject({
      refusal: { code: 'export.truncated' },
    });
    const streams = ['ledger', 'run:r1'];
    const partial = exportOf(ledgerOf(), { streams });
    await expect(simulated(partial)).rejects.toMatchObject({
      refusal: { code: 'export.partial' },
    });
    const enough = exportOf(ledgerOf(), { streams: ['ledger', 'policy', 'run:r1'] });
    expect((await simulated(enough)).tally.counts).toMatchObject({ same: 3, undecided: 1 });
  });

  it('is refused where what is tried takes the names of what is active', async () => {
    const trials: readonly Trial[] = [{ kind: 'with', bundle: someBundle({ name: 'other' }) }];
    await expect(simulated(exportOf(ledgerOf()), { trials })).rejects.toMatchObject({
      refusal: { code: 'policy.invalid' },
    });
  });
});
