import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkedProgram } from '@chancery/testkit/linked-program';
import { placesIn, type Job } from './scene.ts';

const driver = await linkedProgram(join(import.meta.dirname, 'driver.ts'));

/** A folder of the test: a repository to copy for each run, and compiled code for the processes. */
export function makeBench(): string {
  const bench = mkdtempSync(join(tmpdir(), 'crash-'));
  const { repository } = placesIn(bench);
  mkdirSync(repository);
  writeFileSync(join(repository, 'kept.txt'), 'as it was\n');
  writeFileSync(join(repository, 'tool.sh'), '#!/bin/sh\n', { mode: 0o755 });
  git(repository, 'init', '--quiet', '--initial-branch=main');
  git(repository, 'add', '.');
  git(
    repository,
    '-c',
    'user.name=test',
    '-c',
    'user.email=test@localhost',
    'commit',
    '-qm',
    'base',
  );
  return bench;
}

export function git(repository: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
}

/** Folder of a new run, with a repository of its own. */
export function makeFolder(bench: string, name: string): string {
  const folder = join(bench, name);
  cpSync(placesIn(bench).repository, placesIn(folder).repository, { recursive: true });
  return folder;
}

export interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** All that it said. */
  readonly said: string;
  /** From its first word on. */
  readonly tookMs: number;
}

/** Runs the driver to its end; `killAfterMs` counts from its first word. */
export async function runDriver(bench: string, job: Job, killAfterMs?: number): Promise<Ended> {
  const child = spawn(process.execPath, [driver, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: bench, NODE_COMPILE_CACHE: join(bench, 'compiled') },
  });
  let said = '';
  let beganMs = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') {
      beganMs = performance.now();
      if (killAfterMs !== undefined) void sleep(killAfterMs).then(() => child.kill('SIGKILL'));
    }
    said += text;
  });
  await once(child, 'close');
  const { signalCode: signal, exitCode: code } = child;
  return { signal, code, said, tookMs: performance.now() - beganMs };
}

/** Works through the items, two at a time. */
export async function twoAtATime<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  };
  await Promise.all([lane(), lane()]);
}
