import { expect, test } from 'vitest';
import { jumpText } from './jump.ts';

test.each([
  ['back', 'was set back by 2 min; recorded times go on from before'],
  ['ahead', 'went ahead by 2 min: it was set, or the machine slept'],
  ['behind', 'is 2 min behind the ledger; recorded times go on from there'],
] as const)('a clock that jumped %s is told in words', (kind, words) => {
  expect(jumpText({ kind, byMs: 120_000, wallMs: 0 })).toBe(`The clock of this machine ${words}.`);
});
