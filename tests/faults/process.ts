import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Job, type Report } from './job.ts';

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

/** Runs the trials of a job in a process whose disk can fail. */
export async function tryAll(bench: string, job: Job): Promise<Report> {
  const folder = mkdtempSync(join(bench, 'job-'));
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const driver = join(import.meta.dirname, 'driver.ts');
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
  return JSON.parse(said) as Report;
}
