import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { ed25519Signer, signerOf } from '../encoding/index.ts';
import { originOf, signCheckpoint, splitNotes } from './index.ts';

const signers = [1, 2].map((seed) => signerOf(ed25519Signer(new Uint8Array(32).fill(seed))));
const noteOf = (size: number, signatures: number): string =>
  signCheckpoint(
    { origin: originOf('a'.repeat(64)), size: size + 1, root: 'b'.repeat(64), heads: undefined },
    signers.slice(0, signatures),
  );
const notes = fc.array(fc.tuple(fc.nat(99), fc.integer({ min: 1, max: 2 })), { maxLength: 6 });

describe('notes that stand one after the other', () => {
  test('are told apart', () => {
    fc.assert(
      fc.property(notes, (chosen) => {
        const all = chosen.map(([size, signatures]) => noteOf(size, signatures));
        expect(splitNotes(all.join(''))).toEqual({ ok: true, value: all });
      }),
      cases(100),
    );
  });

  test('are none when the last was cut short, wherever', () => {
    const [first, last] = [noteOf(1, 1), noteOf(2, 1)];
    for (let length = 1; length < last.length; length += 1) {
      expect(splitNotes(first + last.slice(0, length))).toMatchObject({
        ok: false,
        refusal: { code: 'anchor.broken' },
      });
    }
  });
});
