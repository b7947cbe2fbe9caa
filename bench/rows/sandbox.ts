import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bubblewrapSandbox } from '@chancery/adapters/sandbox-bubblewrap';
import type { SandboxCommand } from '@chancery/runtime/broker';
import { valueOf } from '../policy-text.ts';
import { percentile, percentiles, type BenchRow } from '../row.ts';

/** Milliseconds that the sandbox may add to the start of a program, at the median. */
const mostMs = 10;
const rounds = { warmUp: 10, measured: 100 };

/** `true` in the sandbox, by turns with `true` started plainly. */
export async function sandboxRows(): Promise<BenchRow[]> {
  const workspace = mkdtempSync(join(tmpdir(), 'bench-sandbox-'));
  const sandbox = bubblewrapSandbox();
  await sandbox.probe();
  const command: SandboxCommand = {
    argv: ['true'],
    workspace,
    cwd: '.',
    env: {},
    stdin: null,
    timeoutMs: 10_000,
    outputBytes: 1_024,
    readable: [],
    readOnly: [],
    signal: new AbortController().signal,
  };
  const samples: number[] = [];
  const plain: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const plainMs = await timeMs(() => once(spawn('true'), 'close'));
    const tookMs = await timeMs(async () => {
      const { exitCode } = valueOf(await sandbox.run(command));
      if (exitCode !== 0) throw new Error(`true ended with ${exitCode ?? 'a signal'}`);
    });
    if (round < 0) continue;
    samples.push(tookMs);
    plain.push(plainMs);
  }
  rmSync(workspace, { recursive: true });
  const allowedMs = percentile(plain, 0.5) + mostMs;
  const times = percentiles(samples);
  const ratio = allowedMs / times.p50;
  return [
    {
      name: 'sandboxed-true',
      unit: 'ms',
      ...times,
      perSecond: 1_000 / times.p50,
      reference: { name: `spawn + ${mostMs} ms`, perSecond: 1_000 / allowedMs },
      ratio,
      bar: 1,
      met: ratio >= 1,
    },
  ];
}

async function timeMs(run: () => Promise<unknown>): Promise<number> {
  const at = performance.now();
  await run();
  return performance.now() - at;
}
