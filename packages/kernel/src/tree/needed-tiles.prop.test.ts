import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { leafDigest, type Digest } from '../encoding/index.ts';
import type { Result } from '../refusal/index.ts';
import { proveConsistency } from './consistency.ts';
import { emptyFrontier, grow } from './frontier.ts';
import { proveInclusion } from './inclusion.ts';
import { neededTiles } from './needed-tiles.ts';
import type { NodeSource } from './range.ts';
import { encodeTile, tilePath } from './tile.ts';
import { tileNodes } from './tile-nodes.ts';

const most = 70_000;
const nodes = new Map<string, Digest>();
grow(
  emptyFrontier,
  Array.from({ length: most }, (_, index) => leafDigest(String(index))),
  (level, index, digest) => nodes.set(`${level}/${index}`, digest),
);
const nodeAt = (level: number, index: number): Digest => nodes.get(`${level}/${index}`) ?? '';
const whole: NodeSource = (level, index) => ({ ok: true, value: nodeAt(level, index) });

/** Nodes out of the needed tiles, and of no other. */
function neededNodes(index: number, size: number): NodeSource {
  const needed = new Set(neededTiles(index, size).map(tilePath));
  return tileNodes(size, (tile) => {
    if (!needed.has(tilePath(tile))) return undefined;
    const first = tile.index * 256;
    const hashes = Array.from({ length: tile.width }, (_, at) =>
      nodeAt(tile.level * 8, first + at),
    );
    return encodeTile(hashes);
  });
}

function same(one: Result<unknown>, other: Result<unknown>): void {
  expect(one).toEqual(other);
  expect(one.ok).toBe(true);
}

function check(index: number, size: number): void {
  const needed = neededNodes(index, size);
  same(proveInclusion(needed, index, size), proveInclusion(whole, index, size));
  const grown = index + 1;
  same(proveConsistency(needed, grown, size), proveConsistency(whole, grown, size));
}

describe('the tiles that a proof needs', () => {
  it('are those that are told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: most }), fc.nat(), (size, chance) =>
        check(chance % size, size),
      ),
      cases(60),
    );
  });

  it.each([1, 255, 256, 257, 65_535, 65_536, 65_537])('are so for %i leaves', (size) => {
    for (const index of [0, size - 1, size >> 1]) check(index, size);
  });
});
