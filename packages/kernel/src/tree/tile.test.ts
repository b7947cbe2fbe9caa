import { leavesOf, nodesOf, refusalOf, valueOf } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { hexOfBytes } from '../encoding/index.ts';
import { proveConsistency } from './consistency.ts';
import { emptyFrontier, grow, rootOf } from './frontier.ts';
import { proveInclusion } from './inclusion.ts';
import {
  bundlePath,
  bundlesBetween,
  decodeTile,
  encodeTile,
  parseBundlePath,
  parseTilePath,
  tilePath,
  tilesBetween,
} from './tile.ts';
import { emptyGrowth, growTiles, resumeGrowth, type TileGrowth } from './tile-growth.ts';
import { tileNodes } from './tile-nodes.ts';

/** Grown in steps, with every tile that was ever written. */
function grownIn(steps: readonly number[]): {
  readonly growth: TileGrowth;
  readonly tiles: Map<string, Uint8Array>;
} {
  const leaves = leavesOf(Math.max(...steps));
  const tiles = new Map<string, Uint8Array>();
  let growth = emptyGrowth;
  for (const size of steps) {
    const grown = growTiles(growth, leaves.slice(growth.frontier.size, size));
    ({ growth } = grown);
    for (const { tile, bytes } of grown.tiles) tiles.set(tilePath(tile), bytes);
  }
  return { growth, tiles };
}

describe('the path of a tile', () => {
  test.each([
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/0/000.p/1', { level: 0, index: 0, width: 1 }],
    ['tile/63/999.p/255', { level: 63, index: 999, width: 255 }],
    ['tile/1/x001/000', { level: 1, index: 1_000, width: 256 }],
    ['tile/0/x001/x234/067.p/8', { level: 0, index: 1_234_067, width: 8 }],
  ])('%s is written and read', (path, tile) => {
    expect(tilePath(tile)).toBe(path);
    expect(valueOf(parseTilePath(path))).toEqual(tile);
  });

  test.each([
    '',
    'tile/0',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001/x002',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/entries/000',
    `tile/0/${'x999/'.repeat(6)}999`,
  ])('is not %j', (path) => {
    expect(refusalOf(parseTilePath(path)).code).toBe('tile.invalid');
  });

  test('of a bundle stands under entries, and is no path of a tile', () => {
    const place = { index: 1_234_067, width: 3 };
    expect(bundlePath(place)).toBe('tile/entries/x001/x234/067.p/3');
    expect(valueOf(parseBundlePath(bundlePath(place)))).toEqual(place);
    expect(refusalOf(parseBundlePath('tile/0/000')).code).toBe('tile.invalid');
    expect(refusalOf(parseBundlePath('tile/entries/x000/067')).code).toBe('tile.invalid');
  });
});

describe('the bytes of a tile', () => {
  const hashes = leavesOf(3);
  const tile = { level: 0, index: 0, width: 3 };

  test('are its hashes one after the other', () => {
    expect(hexOfBytes(encodeTile(hashes))).toBe(hashes.join(''));
    expect(valueOf(decodeTile(encodeTile(hashes), tile))).toEqual(hashes);
  });

  test.each([0, 2, 4, 257, 1.5])('are not those of a tile of width %d', (width) => {
    const read = decodeTile(encodeTile(hashes), { ...tile, width });
    expect(refusalOf(read).code).toBe('tile.invalid');
  });

  test('with a byte too few are refused', () => {
    expect(refusalOf(decodeTile(encodeTile(hashes).slice(1), tile)).code).toBe('tile.invalid');
  });
});

describe('the tiles of a tree', () => {
  test('of 70,000 leaves are those that C2SP tlog-tiles counts', () => {
    const tiles = tilesBetween(0, 70_000);
    const counted = [0, 1, 2].map((level) => [
      tiles.filter((tile) => tile.level === level && tile.width === 256).length,
      ...tiles.flatMap((tile) => (tile.level === level && tile.width < 256 ? [tile.width] : [])),
    ]);
    expect([tiles.length, counted]).toEqual([
      277,
      [
        [273, 112],
        [1, 17],
        [0, 1],
      ],
    ]);
  });

  test('that are new are those that end otherwise than before', () => {
    const paths = (from: number, to: number) => tilesBetween(from, to).map(tilePath);
    expect(paths(0, 0)).toEqual([]);
    expect(paths(5, 5)).toEqual([]);
    expect(paths(5, 6)).toEqual(['tile/0/000.p/6']);
    expect(paths(255, 256)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
    expect(paths(256, 257)).toEqual(['tile/0/001.p/1']);
    expect(paths(250, 520)).toEqual([
      'tile/0/000',
      'tile/0/001',
      'tile/0/002.p/8',
      'tile/1/000.p/2',
    ]);
    expect(bundlesBetween(250, 520)).toEqual([
      { index: 0, width: 256 },
      { index: 1, width: 256 },
      { index: 2, width: 8 },
    ]);
  });

  test('hold the same whether it grew at once or in steps', () => {
    const [once, steps] = [grownIn([700]), grownIn([1, 3, 255, 256, 257, 600, 600, 700])];
    expect(steps.growth).toEqual(once.growth);
    for (const [path, bytes] of once.tiles) expect(steps.tiles.get(path)).toEqual(bytes);
  });

  test('give every node that there is, and no other', () => {
    const size = 700;
    const { tiles } = grownIn([size]);
    const [direct, read] = [
      nodesOf(leavesOf(size)),
      tileNodes(size, (tile) => tiles.get(tilePath(tile))),
    ];
    for (let level = 0; level <= 11; level += 1) {
      for (let index = 0; index <= Math.ceil(size / 2 ** level); index += 1) {
        const [ours, theirs] = [read(level, index), direct(level, index)];
        expect(ours.ok ? ours.value : ours.refusal.code).toBe(
          theirs.ok ? theirs.value : theirs.refusal.code,
        );
      }
    }
  });

  test('give proofs by two tiles for each level at most: of the place and of the edge', () => {
    const size = 70_000;
    const { tiles, growth } = grownIn([size]);
    const asked: string[] = [];
    const reading = () =>
      tileNodes(size, (tile) => {
        asked.push(tilePath(tile));
        return tiles.get(tilePath(tile));
      });
    valueOf(proveInclusion(reading(), 12_345, size));
    expect(asked.toSorted()).toEqual([
      'tile/0/048',
      'tile/0/273.p/112',
      'tile/1/000',
      'tile/1/001.p/17',
    ]);
    asked.length = 0;
    valueOf(proveConsistency(reading(), 12_345, size));
    expect(asked.length).toBeLessThanOrEqual(6);
    expect(growth.frontier.size).toBe(size);
  });

  test('that are missing or cut are named, and no proof is made', () => {
    const { tiles } = grownIn([300]);
    const without = tileNodes(300, (tile) =>
      tile.index === 1 ? undefined : tiles.get(tilePath(tile)),
    );
    expect(refusalOf(proveInclusion(without, 0, 300))).toMatchObject({
      code: 'tile.missing',
      message: 'tile/0/001.p/44 is not there',
    });
    const cut = tileNodes(300, (tile) => tiles.get(tilePath(tile))?.slice(32));
    expect(refusalOf(proveInclusion(cut, 0, 300)).code).toBe('tile.invalid');
  });
});

describe('growth that is taken up again from tiles', () => {
  test.each([0, 1, 255, 256, 300, 65_536, 66_000])('is the growth to %d that was left', (size) => {
    const { growth, tiles } = grownIn([size]);
    const root = rootOf(grow(emptyFrontier, leavesOf(size)));
    const read = (tile: Parameters<typeof tilePath>[0]) => tiles.get(tilePath(tile));
    expect(valueOf(resumeGrowth(size, read, root))).toEqual(growth);
  });

  test('is refused when the tiles give another root, or are not there', () => {
    const { growth, tiles } = grownIn([300]);
    const root = rootOf(growth.frontier);
    const read = (tile: Parameters<typeof tilePath>[0]) => tiles.get(tilePath(tile));
    const [other = ''] = leavesOf(1);
    expect(refusalOf(resumeGrowth(300, read, other)).code).toBe('tile.invalid');
    expect(refusalOf(resumeGrowth(300, () => undefined, root)).code).toBe('tile.missing');
    expect(refusalOf(resumeGrowth(300, () => new Uint8Array(1), root)).code).toBe('tile.invalid');
  });
});
