import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { linkedProgram } from '@chancery/testkit/linked-program';
import type { Job, Report, SuiteJob, SuiteReport } from './job.ts';

/** Why no shim can be loaded here; undefined where it can. */
export function whatIsMissing(): string | undefined {
  if (process.platform !== 'linux') return 'the shim is one for Linux';
  return spawnSync('cc', ['--version']).status === 0 ? undefined : 'there is no C compiler';
}

/** A folder of the test, with the shim built in it. */
export function makeBench(): string {
  const bench = mkdtempSync(join(tmpdir(), 'faults-'));
  const sources = ['calls', 'disk', 'faults'].map((name) =>
    join(import.meta.dirname, `shim/${name}.c`),
  );
  const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-O1', '-shared', '-fPIC'];
  execFileSync('cc', [...flags, '-o', join(bench, 'shim.so'), ...sources, '-ldl', '-lpthread']);
  return bench;
}

/**
 * Where the disks that fail are: in memory, where there is room for files. What is durable is what the
 * shim says in any case, and a trial is little else than calls of a file system.
 */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Runs the trials of a job in a process whose disk can fail. */
export async function tryAll(bench: string, job: Job): Promise<Report> {
  return (await runOn(bench, 'driver.ts', job)) as Report;
}

/** Runs the cases of a part of the suite in such a process. */
export async function trySuite(bench: string, job: SuiteJob): Promise<SuiteReport> {
  return (await runOn(bench, 'suite-driver.ts', job)) as SuiteReport;
}

async function runOn(bench: string, program: string, job: Job | SuiteJob): Promise<unknown> {
  const disk = mkdtempSync(join(memory, 'faults-'));
  try {
    return await tryOn(disk, { bench, program, job });
  } finally {
    rmSync(disk, { recursive: true, force: true });
  }
}

interface Attempt {
  readonly bench: string;
  readonly program: string;
  readonly job: Job | SuiteJob;
}

async function tryOn(disk: string, { bench, program, job }: Attempt): Promise<unknown> {
  // The store starts a thread in many trials, and each would find and read a hundred modules.
  const driver = await linkedProgram(join(import.meta.dirname, program));
  const child = spawn(process.execPath, [driver, disk, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      LD_PRELOAD: join(bench, 'shim.so'),
      FAULTS_FOLDER: disk,
      NODE_COMPILE_CACHE: join(bench, 'compiled'),
    },
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (child.exitCode !== 0) throw new Error('the trials came to no end');
  return JSON.parse(said) as unknown;
}
