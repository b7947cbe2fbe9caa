import { expect, test } from 'vitest';
import { count, dollars, duration, entryCount, instant, instantUtc } from './amounts.ts';

test.each([
  [0, '0.00 USD'],
  [2_000_000, '2.00 USD'],
  [25_600, '0.0256 USD'],
  [5_211, '0.005211 USD'],
  [1, '0.000001 USD'],
  [1_234_567_890, '1234.5679 USD'],
])('%i micro-USD are %s', (costMicrousd, shown) => {
  expect(dollars(costMicrousd)).toBe(shown);
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [59_400, '59 s'],
  [90_000, '1 min 30 s'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
])('%i milliseconds are %s', (ms, shown) => {
  expect(duration(ms)).toBe(shown);
});

test('thousands stand apart', () => {
  expect(count(2_000_000)).toBe('2,000,000');
});

test('entries are counted in words that fit their number', () => {
  expect([0, 1, 2, 1_000].map(entryCount)).toEqual([
    '0 entries',
    '1 entry',
    '2 entries',
    '1,000 entries',
  ]);
});

test('a time that no calendar has is shown as it was recorded', () => {
  const last = 8_640_000_000_000_000;
  expect(instantUtc(last)).toBe('+275760-09-13T00:00:00.000Z');
  expect([instantUtc(last + 1), instant(Number.MAX_SAFE_INTEGER)]).toEqual([
    '8640000000000001 ms',
    '9007199254740991 ms',
  ]);
});
