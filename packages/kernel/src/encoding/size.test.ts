import { expect, test } from 'vitest';
import type { Json } from './json.ts';
import { exceedsChars } from './size.ts';

test.each<readonly [string, Json, number]>([
  ['a text', 'x'.repeat(100), 100],
  ['texts in a list', ['x'.repeat(50), 'y'.repeat(50)], 108],
  ['keys and members', { ['k'.repeat(40)]: 'x'.repeat(60) }, 108],
  ['numbers', [1, 2, 3], 32],
  ['what is deep within', { a: [{ b: 'x'.repeat(74) }] }, 100],
])('the characters of %s are counted', (_what, value, chars) => {
  expect([exceedsChars(value, chars), exceedsChars(value, chars - 1)]).toEqual([false, true]);
});
