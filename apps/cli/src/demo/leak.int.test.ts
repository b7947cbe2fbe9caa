import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placesHolding } from './leak.ts';

const secret = 'a-secret-to-look-for';
let base: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-leak-')));
  for (const folder of ['searched/deep/down', 'elsewhere']) {
    mkdirSync(join(base, folder), { recursive: true });
  }
});

afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

const found = (): readonly string[] =>
  placesHolding(join(base, 'searched'), secret).map((place) => place.slice(base.length + 1));

test('finds the bytes in a file at any depth, among bytes that are no text', () => {
  const bytes = Buffer.concat([Buffer.from([0, 255]), Buffer.from(secret), Buffer.from([0])]);
  writeFileSync(join(base, 'searched/deep/down/file'), bytes);
  writeFileSync(join(base, 'searched/deep/other'), secret.slice(1));
  expect(found()).toEqual(['searched/deep/down/file']);
});

test('finds them in a git object, whose file does not show them', () => {
  const git = (...args: readonly string[]): Buffer =>
    execFileSync('git', args, { cwd: join(base, 'searched'), input: `${secret}\n` });
  git('init', '--quiet');
  git('hash-object', '-w', '--stdin');
  expect(found()).toEqual(['searched/.git/objects']);
});

test('follows no link', () => {
  writeFileSync(join(base, 'elsewhere/file'), secret);
  symlinkSync(join(base, 'elsewhere'), join(base, 'searched/link'));
  expect(found()).toEqual([]);
});
