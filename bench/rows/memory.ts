import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { largeHome } from '../large-home.ts';
import type { BenchRow } from '../row.ts';

/** A million takes some minutes; the figures of the documentation are of a million. */
const entriesWanted = Number(process.env['BENCH_ENTRIES'] ?? 200_000);
const runs = 256;
const mostMib = 300;

const command = path.resolve(import.meta.dirname, '../../apps/cli/bin/chancery.mjs');

/** What goes before the program of a command: it writes down the most memory that it ever had. */
const witness = `import { writeFileSync } from 'node:fs';
process.on('exit', () => {
  writeFileSync(process.env.BENCH_PEAK, String(process.resourceUsage().maxRSS));
});
`;

/** The most resident memory of commands that go through a whole ledger of runs that never end. */
export async function memoryRows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-memory-'));
  try {
    const { home, entries } = await largeHome(folder, { entries: entriesWanted, runs });
    const file = path.join(folder, 'ledger.chancery');
    const bench = { folder, entries };
    return [
      rowOf(bench, 'verify', ['verify', '--json'], home.folder),
      rowOf(bench, 'export', ['export', '--to', file, '--json'], home.folder),
      rowOf(bench, 'import', ['import', file, '--json'], path.join(folder, 'copy')),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Bench {
  readonly folder: string;
  readonly entries: number;
}

function rowOf(
  { folder, entries }: Bench,
  name: string,
  words: readonly string[],
  home: string,
): BenchRow {
  const [before, peak] = ['witness.mjs', 'peak'].map((each) => path.join(folder, each));
  if (before === undefined || peak === undefined) throw new Error('there are two files');
  writeFileSync(before, witness);
  const at = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--import', before, command, ...words], {
    env: { ...process.env, CHANCERY_HOME: home, BENCH_PEAK: peak },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const tookMs = performance.now() - at;
  if (status !== 0) throw new Error(`chancery ${words.join(' ')}: ${stderr}`);
  const mib = Number(readFileSync(peak, 'utf8')) / 1_024;
  const perSecond = (entries * 1_000) / tookMs;
  const ratio = mostMib / mib;
  return {
    ...{ name: `memory-${name}`, unit: 'MiB', p50: mib, p95: mib, p99: mib, perSecond },
    reference: { name: `${mostMib} MiB, ${entries.toLocaleString('en')} entries`, perSecond },
    ...{ ratio, bar: 1, met: ratio >= 1 },
  };
}
