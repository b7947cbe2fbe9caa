import { expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';

const shown = (before: string, after: string): readonly string[] =>
  lineDiff(before, after).map(({ sign, text }) => sign + text);

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join('');

test('a new text is all added', () => {
  expect(shown('', 'a\nb\n')).toEqual(['+a', '+b']);
});

test('equal texts have no difference', () => {
  expect(shown('a\nb\n', 'a\nb\n')).toEqual([]);
});

test('a change stands between three lines on each side', () => {
  expect(shown(numbers(1, 20), numbers(1, 20).replace('10\n', 'ten\n'))).toEqual([
    ...[' 7', ' 8', ' 9', '-10', '+ten', ' 11', ' 12', ' 13', ' …'],
  ]);
});

test('what both have in common between two changes stays', () => {
  expect(shown('a\nb\nc\nd\n', 'x\nb\nc\ny\n')).toEqual(['-a', '+x', ' b', ' c', '-d', '+y']);
});

test('a missing line end is a difference', () => {
  expect(shown('a\n', 'a')).toEqual(['-a', '+a (no line end)']);
});

test('what is too large to compare is shown as replaced', () => {
  const before = numbers(1, 3_000);
  const after = numbers(1, 3_000).replaceAll('\n', '!\n');
  expect(lineDiff(before, after)).toHaveLength(6_000);
});
