import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefusalError, type Result } from '@chancery/kernel/refusal';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderLocks } from './index.ts';

let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'locks-'));
});

afterEach(() => {
  rmSync(base, { recursive: true });
});

const codeOf = (result: Result<unknown>): string => (result.ok ? 'held' : result.refusal.code);

test('one holds a run, and another may hold it after', async () => {
  const first = folderLocks(join(base, 'locks'));
  const second = folderLocks(join(base, 'locks'));
  const lock = await first.acquire('a1');
  expect(codeOf(lock)).toBe('held');
  expect(codeOf(await second.acquire('a1'))).toBe('run.driven');
  expect(codeOf(await second.acquire('b2'))).toBe('held');
  if (lock.ok) await lock.value();
  expect(codeOf(await second.acquire('a1'))).toBe('held');
});

test('to let go twice is to let go once', async () => {
  const locks = folderLocks(base);
  const lock = await locks.acquire('a1');
  if (!lock.ok) throw new Error(lock.refusal.message);
  await lock.value();
  const next = await locks.acquire('a1');
  await lock.value();
  expect([codeOf(next), codeOf(await locks.acquire('a1'))]).toEqual(['held', 'run.driven']);
});

test('a lock dies with the process that holds it', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: import.meta.dirname,
    env: { ...process.env, LOCK_FOLDER: base },
  });
  await once(child.stdout, 'data');
  const locks = folderLocks(base);
  const meanwhile = codeOf(await locks.acquire('a1'));
  child.kill('SIGKILL');
  await once(child, 'close');
  expect([meanwhile, codeOf(await locks.acquire('a1'))]).toEqual(['run.driven', 'held']);
});

test('nothing is left of a run that was let go', async () => {
  const locks = folderLocks(base);
  const lock = await locks.acquire('a1');
  expect(readdirSync(base).sort()).toEqual(['.guard.db', 'a1.db']);
  if (lock.ok) await lock.value();
  expect(readdirSync(base)).toEqual(['.guard.db']);
});

test('of many processes that take and leave one lock, one holds it at a time', async () => {
  const children = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', contender], {
      stdio: ['ignore', 'inherit', 'inherit'],
      cwd: import.meta.dirname,
      env: { ...process.env, LOCK_FOLDER: base },
    }),
  );
  const ends = await Promise.all(children.map((child) => once(child, 'close')));
  expect(ends.map(([code]: unknown[]) => code)).toEqual([0, 0, 0]);
  expect(readdirSync(base)).toEqual(['.guard.db']);
});

/** Ends with 1 when it holds the lock and finds that another holds it as well. */
const contender = `
import { mkdirSync, rmdirSync } from 'node:fs';
import { folderLocks } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
const locks = folderLocks(process.env.LOCK_FOLDER);
const inside = process.env.LOCK_FOLDER + '/inside';
for (let taken = 0; taken < 100; ) {
  const lock = await locks.acquire('a1');
  if (!lock.ok) continue;
  mkdirSync(inside);
  rmdirSync(inside);
  await lock.value();
  taken += 1;
}
`;

const holder = `
import { folderLocks } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
const lock = await folderLocks(process.env.LOCK_FOLDER).acquire('a1');
console.log(lock.ok);
setInterval(() => undefined, 1000);
`;

test('the folder is private', async () => {
  await folderLocks(join(base, 'locks')).acquire('a1');
  expect(statSync(join(base, 'locks')).mode & 0o777).toBe(0o700);
});

test.each(['', '../a', 'A', 'a/b'])('a run cannot be called %j', async (run) => {
  expect(codeOf(await folderLocks(base).acquire(run))).toBe('run.unknown');
});

test('a folder that cannot be made is unreachable', async () => {
  writeFileSync(join(base, 'file'), '');
  await expect(folderLocks(join(base, 'file')).acquire('a1')).rejects.toThrow(RefusalError);
});
