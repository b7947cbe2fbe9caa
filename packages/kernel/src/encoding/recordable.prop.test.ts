import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { Fault } from '../refusal/index.ts';
import { maxDepth, recordText } from './canonical.ts';
import { whyUnrecordable } from './recordable.ts';

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud800', 'a\udc00', 'ok', 'ü'),
  fc.oneof(fc.maxSafeInteger(), fc.double(), fc.constantFrom(2 ** 53, -0, Number.NaN)),
  fc.constantFrom(null, true, false, undefined, 1n, Symbol('s'), () => 1, new Date(0), new Map()),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '\ud800'), tie('value'), { maxKeys: 3 }),
  ),
}));

function hasText(given: unknown, depth: number): boolean {
  try {
    recordText(given, depth);
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

describe('whether a value can be recorded', () => {
  it('is told without trying it, just as trying it would', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(1, 2, maxDepth), (given, depth) => {
        expect(whyUnrecordable(given, depth) === undefined).toBe(hasText(given, depth));
      }),
      cases(20_000),
    );
  });
});
