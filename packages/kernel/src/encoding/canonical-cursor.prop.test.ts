import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { CanonicalCursor } from './canonical-cursor.ts';
import { canonicalText, maxDepth, recordText } from './canonical.ts';
import type { Json } from './json.ts';
import { parseRecord } from './parse.ts';

const cursor = new CanonicalCursor(1 << 18);

/** What the cursor reads of a whole text. */
function readAll(text: string, depth = maxDepth): Json | undefined {
  if (!cursor.open(text)) return undefined;
  const value = cursor.any(depth);
  return cursor.isAtEnd ? value : undefined;
}

/** What the exact reader reads of a text that is canonical. */
function readExactly(text: string): Json | undefined {
  const parsed = parseRecord(text);
  return parsed.ok && recordText(parsed.value) === text ? parsed.value : undefined;
}

const strings = fc.oneof(
  fc.string({ maxLength: 6, unit: 'binary' }),
  fc.constantFrom(
    '',
    '__proto__',
    'a\\',
    'a\n',
    '10',
    '9',
    '"',
    '\\',
    '\n',
    'é',
    '€',
    '\u{1f600}',
    '\u007f',
  ),
);
const { value: values } = fc.letrec<{ readonly value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    strings,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(strings, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const pieces = fc.oneof(
  fc.constantFrom(
    '',
    '"',
    '\\',
    '\\u',
    '\\ud800',
    '\\u0041',
    '0',
    '-',
    '-0',
    '1e2',
    '.5',
    ' ',
    ',',
  ),
  fc.constantFrom('{', '}', '[', ']', ':', 'null', 'true', '\u0000', '\ud800', '\ufeff', 'é', '9'),
);

describe('what the cursor reads of a text', () => {
  test('is what the exact reader reads of it, canonical or not', () => {
    let taken = 0;
    fc.assert(
      fc.property(values, fc.nat(), fc.nat({ max: 2 }), pieces, (value, place, less, piece) => {
        const text = canonicalText(value);
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + piece + text.slice(at + less);
        // A canonical text tells its value: what is written alike is alike.
        expect(canonicalText(readAll(text))).toBe(text);
        const read = readAll(changed);
        expect(read !== undefined).toBe(readExactly(changed) !== undefined);
        if (read !== undefined) expect(canonicalText(read)).toBe(changed);
        if (read !== undefined && changed !== text) taken += 1;
      }),
      cases(3_000),
    );
    expect(taken).toBeGreaterThan(50);
  });

  test.each([
    ['9007199254740991', 9_007_199_254_740_991],
    ['-9007199254740991', -9_007_199_254_740_991],
    ['9007199254740992', undefined],
    ['9007199254740993', undefined],
    ['90071992547409910', undefined],
    ['-0', undefined],
    ['00', undefined],
    ['-', undefined],
    ['', undefined],
    ['"', undefined],
    ['"\\', undefined],
    ['"\\"', undefined],
    ['{"a":1,"a":1}', undefined],
    ['{"b":1,"a":1}', undefined],
    ['{"":1,"a":[]}', { '': 1, a: [] }],
  ])('of %s is %s', (text, value) => {
    expect(readAll(text)).toEqual(value);
    expect(readExactly(text)).toEqual(value);
  });

  test('is as deep as is permitted, and no deeper', () => {
    const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(readAll(deep(3), 3)).toEqual([[[]]]);
    expect(readAll(deep(4), 3)).toBeUndefined();
    expect(readAll('{"a":{"a":{}}}', 2)).toBeUndefined();
  });

  test('ends with the text, whatever longer one was read before', () => {
    expect(readAll('"1234567890abcdef"')).toBe('1234567890abcdef');
    expect(readAll('"12')).toBeUndefined();
    expect(readAll('12')).toBe(12);
  });

  test('is nothing where the text is longer than its room', () => {
    const long = 'é'.repeat(1 << 17);
    expect(readAll(`"${long.slice(9)}"`)).toBe(long.slice(9));
    expect(readAll(`"${long}"`)).toBeUndefined();
    expect(readAll(`"${'x'.repeat(1 << 18)}"`)).toBeUndefined();
  });
});
