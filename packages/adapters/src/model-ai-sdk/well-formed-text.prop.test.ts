import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { wellFormedText } from './well-formed-text.ts';

test('whatever the pieces, they join to the text, and each is well-formed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'é', '\ud83d', '\ude00', '😀'), { maxLength: 12 }),
      (pieces) => {
        const text = wellFormedText();
        const passed = [...pieces.map((piece) => text.push(piece)), text.rest()];

        expect(passed.join('')).toBe(pieces.join('').toWellFormed());
        expect(passed.every((piece) => piece.isWellFormed())).toBe(true);
      },
    ),
    cases(100),
  );
});
