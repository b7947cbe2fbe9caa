import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInFront } from '../setup/child.mjs';
import type { Counts } from './counts.ts';

const oneFailed: Counts = { passed: 0, failed: 1, skipped: 0 };

/** Runs the tests whose files match a filter, all without one. A run that ends badly has a failure. */
export async function runTests(filters: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'chancery-test-'));
  const file = path.join(folder, 'counts.json');
  try {
    const { code } = await runInFront(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=./scripts/test/counts-reporter.ts',
        ...filters,
      ],
      { ...process.env, CHANCERY_TEST_COUNTS: file },
    );
    const counts = readCounts(file);
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return oneFailed;
  }
}
