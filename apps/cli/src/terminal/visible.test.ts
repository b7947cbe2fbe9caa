import { expect, test } from 'vitest';
import { visible, visibleLines } from './visible.ts';

test.each([
  ['plain text, ümläut, 漢字, 👩‍👩‍👧', 'plain text, ümläut, 漢字, 👩\\u{200d}👩\\u{200d}👧'],
  ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
  ['a\u0007b\u009bc\u007f', 'a\\x07b\\x9bc\\x7f'],
  ['one\ntwo\r\tthree', 'one\\ntwo\\r\\tthree'],
  ['abc\u202edef\u2066', 'abc\\u{202e}def\\u{2066}'],
  ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
  ['lone \ud800 surrogate', 'lone \\u{d800} surrogate'],
  ['tag \u{e0041}', 'tag \\u{e0041}'],
  ['e\u0301', 'e\u0301'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('lines stay lines', () => {
  expect(visibleLines('a\tb\r\nc\u001b\n')).toEqual(['a  b', 'c\\x1b', '']);
});
