import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { applyDelta, emptyWorld } from './apply.ts';
import { worldDigest } from './digest.ts';
import { WorldFold } from './fold.ts';
import type { Delta, Operation, World } from './model.ts';

const keys = fc.constantFrom('a', 'b', '__proto__');

/** Steps that mostly expect the right version: 0 means the present one, another number is added. */
const step = fc.record({
  op: fc.constantFrom('put', 'delete'),
  key: keys,
  value: fc.integer(),
  off: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1)),
});
const steps = fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 8 });
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function deltaFor(world: World, wanted: readonly Step[]): Delta {
  const versions = new Map([...world.cells].map(([key, { version }]) => [key, version]));
  return wanted.map(({ op, key, value, off }, index): Operation => {
    const expect = Math.max(0, (versions.get(key) ?? 0) + off);
    versions.set(key, op === 'put' ? world.clock + index + 1 : 0);
    return op === 'put' ? { op: 'put', key, value, expect } : { op: 'delete', key, expect };
  });
}

describe('any sequence of deltas', () => {
  test('gives the same world in place as by values, and a delta that fails changes nothing', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let world: World = emptyWorld;
        const fold = new WorldFold();
        for (const wanted of all) {
          const delta = deltaFor(world, wanted);
          const before = worldDigest(world);
          const after = applyDelta(world, delta);
          expect(fold.apply(delta)).toEqual(after.ok ? undefined : after.refusal);
          expect(worldDigest(world)).toBe(before);
          if (after.ok) world = after.value;
          expect(fold.world).toEqual(world);
        }
      }),
      cases(100),
    );
  });

  test('gives equal digests when it is applied again, on whatever world objects', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const run = () => {
          const fold = new WorldFold();
          for (const wanted of all) fold.apply(deltaFor(fold.world, wanted));
          return worldDigest(fold.world);
        };
        expect(run()).toBe(run());
      }),
      cases(100),
    );
  });

  test('never gives a version twice', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const fold = new WorldFold();
        const seen = new Map<number, string>();
        for (const wanted of all) {
          fold.apply(deltaFor(fold.world, wanted));
          for (const [key, { version, value }] of fold.world.cells) {
            const cell = JSON.stringify([key, value]);
            expect(seen.get(version) ?? cell).toBe(cell);
            expect(version).toBeLessThanOrEqual(fold.world.clock);
            seen.set(version, cell);
          }
        }
      }),
      cases(100),
    );
  });

  test('leaves a world that was taken as it was', () => {
    const fold = new WorldFold();
    fold.apply([{ op: 'put', key: 'a', value: 1, expect: 0 }]);
    const taken = fold.world;
    fold.apply([{ op: 'put', key: 'a', value: 2, expect: 1 }]);
    expect(taken).toEqual({ clock: 1, cells: new Map([['a', { version: 1, value: 1 }]]) });
  });
});
