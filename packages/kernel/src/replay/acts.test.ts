import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { Acts } from './acts.ts';

const act = fc.record({
  position: fc.nat(Number.MAX_SAFE_INTEGER),
  seq: fc.nat(Number.MAX_SAFE_INTEGER),
  by: fc.integer({ min: -1, max: 3 }),
});

test('acts are told as they were taken up, and those of some apart', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), fc.uniqueArray(fc.nat(3)), (taken, wanted) => {
      const acts = new Acts('run:r1');
      const placed = taken.map(({ position, seq, by }) => ({
        by,
        place: { position, stream: 'run:r1', seq },
      }));
      for (const { place, by } of placed) acts.push(place, by);
      expect([...acts.places()]).toEqual(placed.map(({ place }) => place));
      expect([...acts.by(new Set(wanted))]).toEqual(
        placed.filter(({ by }) => wanted.includes(by)).map(({ place }) => place),
      );
    }),
    cases(100),
  );
});
