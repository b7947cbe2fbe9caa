import { expect, test } from 'vitest';
import { jumpText, offText } from './jump.ts';

test.each([
  ['back', 'was set back by 2 min; recorded times go on from before'],
  ['ahead', 'went ahead by 2 min: it was set, or the machine slept'],
  ['behind', 'is 2 min behind the ledger; recorded times go on from there'],
] as const)('a clock that jumped %s is told in words', (kind, words) => {
  expect(jumpText({ kind, byMs: 120_000, wallMs: 0 })).toBe(`The clock of this machine ${words}.`);
});

test.each([
  [60_500, 500, undefined],
  [-60_500, 500, undefined],
  [120_000, 500, 'The clock of this machine is 2 min ahead of the time that was attested.'],
  [-120_000, 0, 'The clock of this machine is 2 min behind the time that was attested.'],
])('a clock that is off by %i ms, give or take %i, is told', (aheadMs, accuracyMs, words) => {
  expect(offText(aheadMs, accuracyMs)).toBe(words);
});
