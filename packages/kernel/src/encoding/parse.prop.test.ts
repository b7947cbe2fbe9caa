import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { canonicalText, recordText } from './canonical.ts';
import { readCanonical } from './canonical-reader.ts';
import { parseRecord } from './parse.ts';

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger().map((value) => (Object.is(value, -0) ? 0 : value)),
      fc.string({ unit: 'binary' }),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary', maxLength: 4 }), tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('any recordable value', () => {
  test('is read again from its text, by both readers', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = recordText(value);
        expect(parseRecord(text)).toEqual({ ok: true, value });
        expect(readCanonical(text)).toEqual(value);
      }),
      cases(100),
    );
  });

  test('has one text, however its members are ordered and its text is laid out', () => {
    fc.assert(
      fc.property(json, (value) => {
        const again = parseRecord(JSON.stringify(value, null, 2));
        expect(again.ok && recordText(again.value)).toBe(recordText(value));
        expect(canonicalText(value)).toBe(recordText(value));
      }),
      cases(100),
    );
  });
});

describe('any text', () => {
  test('is accepted by the quick reader exactly when it is the canonical text of what the strict reader reads', () => {
    const near = fc
      .tuple(
        json,
        fc.nat(),
        fc.constantFrom('', ' ', '0', '1', '.5', 'e1', '"', ',', '\\', '{', '-'),
      )
      .map(([value, at, insert]) => {
        const text = JSON.stringify(value);
        const index = at % (text.length + 1);
        return text.slice(0, index) + insert + text.slice(index);
      });
    fc.assert(
      fc.property(fc.oneof(near, fc.json(), fc.string()), (text) => {
        const strict = parseRecord(text);
        const canonical = strict.ok && recordText(strict.value) === text;
        expect(readCanonical(text) !== undefined).toBe(canonical);
      }),
      cases(1_000),
    );
  });
});
