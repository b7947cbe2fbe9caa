import { describe, expect, test } from 'vitest';
import { addCounts, closingLine } from './counts.ts';

describe('the closing line', () => {
  test('names what passed and what failed', () => {
    expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  });

  test('names the skipped only where there are some', () => {
    expect(closingLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
  });

  test('adds the static checks to the tests', () => {
    const checks = { passed: 4, failed: 1, skipped: 0 };
    const tests = { passed: 30, failed: 2, skipped: 1 };
    expect(addCounts(checks, tests)).toEqual({ passed: 34, failed: 3, skipped: 1 });
  });
});
