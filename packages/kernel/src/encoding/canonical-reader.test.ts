import { describe, expect, test } from 'vitest';
import { readCanonical } from './canonical-reader.ts';
import { maxDepth } from './canonical.ts';

describe('readCanonical', () => {
  test('keeps keys apart that begin alike, which V8 does not', () => {
    const texts = ['{"a":1,"b\\\\":2}', '{"a":1,"b\\n":2}'];
    expect(texts.map((text) => readCanonical(text))).toEqual([
      { a: 1, 'b\\': 2 },
      { a: 1, 'b\n': 2 },
    ]);
  });

  test.each<readonly [string, unknown]>([
    ['{"a":[1,-2,null,true],"b":"\\"\\\\\\n"}', { a: [1, -2, null, true], b: '"\\\n' }],
    ['{"10":1,"9":2,"a":3}', { '10': 1, '9': 2, a: 3 }],
    ['"\\\\ud800 is text here"', '\\ud800 is text here'],
    ['"\u{1f600}"', '\u{1f600}'],
    ['0', 0],
  ])('reads %s', (text, value) => {
    expect(readCanonical(text)).toEqual(value);
  });

  test.each([
    ['text that is not JSON', '{'],
    ['an empty text', ''],
    ['a byte order mark', '\ufeff0'],
    ['text after the value', '0 0'],
    ['a blank', '[1, 2]'],
    ['keys out of order', '{"b":1,"a":2}'],
    ['integer keys in numeric order', '{"9":2,"10":1}'],
    ['a repeated key', '{"a":1,"a":1}'],
    ['a repeated key with another value', '{"a":1,"a":2}'],
    ['a fraction', '[0.5]'],
    ['an integer beyond the safe ones', '9007199254740992'],
    ['an integer written with an exponent', '1e2'],
    ['a negative zero', '-0'],
    ['a leading plus', '+1'],
    ['an escape that is not needed', '"\\u0041"'],
    ['an escaped slash', '"\\/"'],
    ['an upper-case escape', '"\\u001F"'],
    ['an escaped lone surrogate', '"\\ud800"'],
    ['a lone surrogate', '"\ud800"'],
    ['an escaped pair', '"\\ud83d\\ude00"'],
  ])('refuses %s', (_what, text) => {
    expect(readCanonical(text)).toBeUndefined();
  });

  test('reads what is nested 64 deep, and deeper only where that is asked for', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(readCanonical(nested(maxDepth))).toBeDefined();
    expect(readCanonical(nested(maxDepth + 1))).toBeUndefined();
    expect(readCanonical(nested(maxDepth + 1), maxDepth + 1)).toBeDefined();
  });

  test('keeps a member called __proto__ as data', () => {
    const value = readCanonical('{"__proto__":{"a":1}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
  });
});
