import { describe, expect, test } from 'vitest';
import { objectDigest } from '../encoding/index.ts';
import { done, refusal } from '../refusal/index.ts';
import { applyDelta, emptyWorld } from './apply.ts';
import { worldDigest } from './digest.ts';
import type { Delta, World } from './model.ts';

const world: World = {
  clock: 5,
  cells: new Map([
    ['a', { version: 3, value: 1 }],
    ['b', { version: 5, value: 'two' }],
  ]),
};

describe('applyDelta', () => {
  test('gives each operation the next place as its version', () => {
    const delta: Delta = [
      { op: 'put', key: 'a', value: 9, expect: 3 },
      { op: 'delete', key: 'b', expect: 5 },
      { op: 'put', key: 'c', value: null, expect: 0 },
    ];
    expect(applyDelta(world, delta)).toEqual(
      done({
        clock: 8,
        cells: new Map([
          ['a', { version: 6, value: 9 }],
          ['c', { version: 8, value: null }],
        ]),
      }),
    );
  });

  test('lets a later operation build on an earlier one of the same delta', () => {
    const delta: Delta = [
      { op: 'put', key: 'c', value: 1, expect: 0 },
      { op: 'put', key: 'c', value: 2, expect: 6 },
      { op: 'delete', key: 'c', expect: 7 },
      { op: 'put', key: 'c', value: 3, expect: 0 },
    ];
    const after = applyDelta(world, delta);
    expect(after.ok && after.value.cells.get('c')).toEqual({ version: 9, value: 3 });
  });

  test('gives the same world for an empty delta', () => {
    const after = applyDelta(world, []);
    expect(after.ok && after.value).toBe(world);
  });

  test.each<readonly [string, Delta, string, number, number]>([
    ['a put on an older version', [{ op: 'put', key: 'a', value: 0, expect: 2 }], 'a', 2, 3],
    [
      'a put on a key that should be absent',
      [{ op: 'put', key: 'a', value: 0, expect: 0 }],
      'a',
      0,
      3,
    ],
    ['a put on a key that is absent', [{ op: 'put', key: 'z', value: 0, expect: 1 }], 'z', 1, 0],
    ['a delete of another version', [{ op: 'delete', key: 'b', expect: 4 }], 'b', 4, 5],
    ['a delete of what is absent', [{ op: 'delete', key: 'z', expect: 0 }], 'z', 0, 0],
    [
      'a version from before an operation of the same delta',
      [
        { op: 'put', key: 'a', value: 0, expect: 3 },
        { op: 'put', key: 'a', value: 1, expect: 3 },
      ],
      'a',
      3,
      6,
    ],
  ])('refuses %s', (_what, delta, ...[key, expected, version]) => {
    const op = delta.at(-1)?.op ?? '';
    expect(applyDelta(world, delta)).toEqual({
      ok: false,
      refusal: refusal(
        'precondition.failed',
        `${op} of "${key}" expects version ${expected} and finds ${version}`,
        { details: { key, expect: expected, version } },
      ),
    });
  });
});

describe('worldDigest', () => {
  test('is over the clock and the cells', () => {
    expect(worldDigest(world)).toBe(
      objectDigest('world', {
        clock: 5,
        cells: { a: { version: 3, value: 1 }, b: { version: 5, value: 'two' } },
      }),
    );
  });

  test('does not depend on the order in which keys were written', () => {
    const turned = { clock: 5, cells: new Map([...world.cells].reverse()) };
    expect(worldDigest(turned)).toBe(worldDigest(world));
  });

  test('differs when a version, a value, the clock or a key does', () => {
    const others: readonly World[] = [
      emptyWorld,
      { ...world, clock: 6 },
      { ...world, cells: new Map(world.cells).set('a', { version: 4, value: 1 }) },
      { ...world, cells: new Map(world.cells).set('a', { version: 3, value: '1' }) },
      { ...world, cells: new Map(world.cells).set('__proto__', { version: 3, value: 1 }) },
    ];
    expect(new Set([world, ...others].map(worldDigest)).size).toBe(6);
  });
});
