import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Counts } from './counts.ts';

const modules = path.resolve('node_modules');
const reporter = path.join(import.meta.dirname, 'counts-reporter.ts');

async function countsOf(text: string): Promise<Counts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'chancery-counts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'counts.json');
  symlinkSync(modules, path.join(folder, 'node_modules'));
  writeFileSync(
    path.join(folder, 'planted.test.ts'),
    `import { beforeAll, test } from 'vitest';\n${text}\n`,
  );
  const args = [path.join(modules, 'vitest/vitest.mjs'), 'run', `--reporter=${reporter}`];
  const env = { ...process.env, CHANCERY_TEST_COUNTS: file };
  await new Promise<void>((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env }, () => resolve());
  });
  return JSON.parse(readFileSync(file, 'utf8')) as Counts;
}

describe('the counts of a run', () => {
  test.each([
    [
      'each test by its end',
      "test('a', () => {}); test('b', () => { throw new Error('b'); }); test.skip('c', () => {});",
      { passed: 1, failed: 1, skipped: 1 },
    ],
    [
      'a file that does not load as failed',
      "throw new Error('no test');",
      { passed: 0, failed: 1, skipped: 0 },
    ],
    [
      'a hook that throws as failed',
      "beforeAll(() => { throw new Error('no place'); }); test('a', () => {});",
      { passed: 0, failed: 1, skipped: 1 },
    ],
    [
      'an error outside any test as failed',
      "test('a', () => { void Promise.reject(new Error('alone')); });",
      { passed: 1, failed: 1, skipped: 0 },
    ],
  ])('count %s', async (_what, text, counts) => {
    expect(await countsOf(text)).toEqual(counts);
  });
});
