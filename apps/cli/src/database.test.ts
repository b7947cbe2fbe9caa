import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseSecrets, databaseUrl } from './database.ts';
import { homeIn } from './home.ts';

let folder: string;
const url = 'postgres://a:hush%2Dhush@db.example/x';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chancery-database-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(mode: number): void {
  writeFileSync(join(folder, 'database.url'), `${url}\n`, { mode });
}

const codeOf = (): string => {
  const found = databaseUrl(homeIn(folder));
  return found.ok ? found.value : found.refusal.code;
};

it('takes the address of the environment before that of the file', () => {
  fileOf(0o600);
  expect(databaseUrl(homeIn(folder, 'postgres://b@c/d'))).toEqual({
    ok: true,
    value: 'postgres://b@c/d',
  });
  expect(databaseUrl(homeIn(folder, ''))).toEqual({ ok: true, value: url });
});

it.each([0o640, 0o604, 0o620, 0o602])('refuses a file of mode %o', (mode) => {
  const before = process.umask(0);
  fileOf(mode);
  process.umask(before);
  expect(codeOf()).toBe('key.exposed');
});

it('refuses where there is no address', () => {
  expect(codeOf()).toBe('usage.invalid');
});

it('refuses a folder in place of the file', () => {
  mkdirSync(join(folder, 'database.url'), { mode: 0o700 });
  expect(codeOf()).toBe('usage.invalid');
});

it('guards the address and its password, as it is written and as it is meant', () => {
  expect(databaseSecrets(homeIn(folder, url))).toEqual([url, 'hush%2Dhush', 'hush-hush']);
  expect(databaseSecrets(homeIn(folder))).toEqual([]);
  expect(databaseSecrets(homeIn(folder, 'postgres://a@b/c'))).toEqual(['postgres://a@b/c']);
});
