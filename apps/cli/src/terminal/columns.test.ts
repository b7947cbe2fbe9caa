import { expect, test } from 'vitest';
import { columnsOf, cut, padded, wrapped } from './columns.ts';

test.each([
  ['', 0],
  ['plain', 5],
  ['漢字', 4],
  ['e\u0301', 1],
  ['👍', 2],
  ['한국어', 6],
  ['ｆｕｌｌ', 8],
  ['—…→', 3],
])('%j takes %i columns', (text, columns) => {
  expect(columnsOf(text)).toBe(columns);
});

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['a longer text', 8, 'a longe…'],
  ['漢字漢字', 5, '漢字…'],
  ['漢字漢字', 4, '漢…'],
  ['text', 1, '…'],
])('%j is cut to %i columns as %j', (text, columns, shown) => {
  expect(cut(text, columns)).toBe(shown);
});

test('a text is padded by the columns that it takes', () => {
  expect(padded('漢', 4)).toBe('漢  ');
  expect(padded('long', 2)).toBe('long');
});

test.each([
  ['one two three', 7, ['one two', 'three']],
  ['unbreakable', 4, ['unbr', 'eaka', 'ble']],
  ['a unbreakable b', 5, ['a', 'unbre', 'akabl', 'e b']],
  ['漢字漢字', 5, ['漢字', '漢字']],
  ['', 5, ['']],
])('%j is wrapped at %i columns', (text, columns, lines) => {
  expect(wrapped(text, columns)).toEqual(lines);
});

test('a text that is never too long is one line', () => {
  expect(wrapped('one two three', Number.POSITIVE_INFINITY)).toEqual(['one two three']);
});
