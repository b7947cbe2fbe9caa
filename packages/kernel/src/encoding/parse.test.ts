import { describe, expect, test } from 'vitest';
import { done, refusal } from '../refusal/index.ts';
import { parseRecord } from './parse.ts';

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

describe('parseRecord', () => {
  test.each<readonly [string, unknown]>([
    [' { "b" : [ 1 , -2 ] ,\r\n\t"a" : { } } ', { b: [1, -2], a: {} }],
    ['[]', []],
    ['""', ''],
    ['"\\u00e9\\n\\/\\ud83d\\ude00"', '\u00e9\n/\u{1f600}'],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
    ['true', true],
    ['false', false],
    ['null', null],
  ])('reads %s', (text, value) => {
    expect(parseRecord(text)).toEqual(done(value));
  });

  test('reads what is nested 64 deep', () => {
    expect(parseRecord(nested(64)).ok).toBe(true);
  });

  test('keeps members called __proto__ and constructor as data', () => {
    const parsed = parseRecord('{"__proto__":{"a":1},"constructor":2}');
    expect(parsed.ok && Object.entries(parsed.value as object)).toEqual([
      ['__proto__', { a: 1 }],
      ['constructor', 2],
    ]);
  });

  test.each([
    ['nothing', '', 'not an integer, string, object or array at offset 0'],
    ['a duplicate key', '{"a":1,"a":2}', 'a duplicate key at offset 10'],
    ['a duplicate key in another spelling', '{"a":1,"\\u0061":2}', 'a duplicate key at offset 15'],
    ['a lone high surrogate', '"\\ud800"', 'a lone surrogate at offset 8'],
    ['a lone low surrogate in a key', '{"\\udc00":1}', 'a lone surrogate at offset 9'],
    ['a raw lone surrogate', '"\ud800"', 'a lone surrogate at offset 3'],
    ['nesting over 64', nested(65), 'nested deeper than 64 at offset 64'],
    ['a fraction', '[1.5]', 'not an integer, string, object or array at offset 1'],
    [
      'a whole number written as a fraction',
      '1.0',
      'not an integer, string, object or array at offset 0',
    ],
    ['an exponent', '1e3', 'not an integer, string, object or array at offset 0'],
    ['2^53', '9007199254740992', 'an integer beyond \u00b1(2^53-1) at offset 16'],
    ['-2^53', '-9007199254740992', 'an integer beyond \u00b1(2^53-1) at offset 17'],
    ['a negative zero', '-0', 'a negative zero at offset 2'],
    ['a leading zero', '01', 'not an integer, string, object or array at offset 0'],
    ['a leading plus', '+1', 'not an integer, string, object or array at offset 0'],
    ['NaN', 'NaN', 'not an integer, string, object or array at offset 0'],
    ['text after the value', '{} x', 'text after the value at offset 3'],
    ['a word that only begins like a literal', 'nullify', 'text after the value at offset 4'],
    ['a byte order mark', '\ufeff{}', 'not an integer, string, object or array at offset 0'],
    [
      'a blank that JSON does not know',
      '\u00a01',
      'not an integer, string, object or array at offset 0',
    ],
    ['a comment', '/**/1', 'not an integer, string, object or array at offset 0'],
    ['a trailing comma in an array', '[1,]', 'not an integer, string, object or array at offset 3'],
    ['a trailing comma in an object', '{"a":1,}', 'a broken string at offset 7'],
    ['an array that is not closed', '[1', 'an array that is not closed at offset 2'],
    ['an object that is not closed', '{"a":1', 'an object that is not closed at offset 6'],
    ['a key without a value', '{"a"}', 'a key without a value at offset 4'],
    ['a key that is no string', '{a:1}', 'a broken string at offset 1'],
    ['a string that is not closed', '"a', 'a broken string at offset 0'],
    ['a control character in a string', '"\u0001"', 'a broken string at offset 0'],
    ['an unknown escape', '"\\x41"', 'a broken string at offset 0'],
    ['single quotes', "'a'", 'not an integer, string, object or array at offset 0'],
  ])('refuses %s', (_what, text, message) => {
    expect(parseRecord(text)).toEqual({ ok: false, refusal: refusal('json.invalid', message) });
  });

  test.each(['aaaa', '\\n', '\\n\u20ac'])('reads a long string of %j', (part) => {
    const text = `"${part.repeat(4_000_000)}"`;
    expect(parseRecord(text).ok).toBe(true);
  });
});
