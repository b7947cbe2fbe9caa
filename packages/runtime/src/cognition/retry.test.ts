import { expect, test } from 'vitest';
import { retryDelayMs, type ModelFailure, type RetryPolicy } from './index.ts';

const policy: RetryPolicy = {
  retries: 6,
  firstDelayMs: 500,
  maxDelayMs: 4000,
  maxRetryAfterMs: 60_000,
};

function failure(kind: ModelFailure['class'], retryAfterMs?: number): ModelFailure {
  return { class: kind, code: 'any', message: '', retryAfterMs };
}

function schedule(failed: ModelFailure): readonly (number | undefined)[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((attempt) => retryDelayMs(attempt, failed, policy));
}

test('the delay doubles up to its limit, and the attempts end', () => {
  const delays = [500, 1000, 2000, 4000, 4000, 4000, undefined, undefined];
  expect(schedule(failure('retryable'))).toEqual(delays);
});

test('a call that was cut off is made again', () => {
  expect(retryDelayMs(0, failure('unknown'), policy)).toBe(500);
});

test('a terminal failure is final, whatever wait it names', () => {
  expect(retryDelayMs(0, failure('terminal', 10), policy)).toBeUndefined();
});

test('a wait that the provider asks for is kept when it is longer than ours', () => {
  expect(retryDelayMs(0, failure('retryable', 7000), policy)).toBe(7000);
  expect(retryDelayMs(3, failure('retryable', 7), policy)).toBe(4000);
  expect(retryDelayMs(0, failure('retryable', 60_000), policy)).toBe(60_000);
});

test('a wait that is too long ends the attempts', () => {
  expect(retryDelayMs(0, failure('retryable', 60_001), policy)).toBeUndefined();
});
