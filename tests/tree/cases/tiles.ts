import { hexOfBytes } from '@chancery/kernel/encoding';
import {
  bundlePath,
  bundlesBetween,
  emptyGrowth,
  encodeBundle,
  growTiles,
  tilePath,
  tilesBetween,
} from '@chancery/kernel/tree';
import { leafText, leavesOf, valueOf } from '@chancery/testkit/builders';
import { rootAt } from './tree.ts';

const size = 300;
const steps = [
  [0, 1],
  [5, 5],
  [5, 6],
  [255, 256],
  [250, 520],
  [0, 70_000],
] as const;

const wrongPaths = [
  'tile/00/000',
  'tile/64/000',
  'tile/0/0',
  'tile/0/x000/001',
  'tile/0/001/002',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/000.p/01',
  '/tile/0/000',
  'tile/8/0/000',
];

export function tileVectors(): object {
  return {
    about: 'C2SP tlog-tiles, over the same leaves as merkle.json',
    tree: { size, root: rootAt(size) },
    tiles: growTiles(emptyGrowth, leavesOf(size)).tiles.map(({ tile, bytes }) => ({
      path: tilePath(tile),
      ...tile,
      hex: hexOfBytes(bytes),
    })),
    bundles: bundlesBetween(0, size).map((place) => {
      const texts = Array.from({ length: place.width }, (_, at) =>
        leafText(place.index * 256 + at),
      );
      return { path: bundlePath(place), ...place, hex: hexOfBytes(valueOf(encodeBundle(texts))) };
    }),
    paths: [
      { level: 0, index: 0, width: 256 },
      { level: 63, index: 999, width: 255 },
      { level: 1, index: 1_000, width: 256 },
      { level: 0, index: 1_234_067, width: 8 },
    ].map((tile) => ({ path: tilePath(tile), ...tile })),
    wrongPaths,
    between: steps.map(([from, to]) => ({ from, to, ...summary(tilesBetween(from, to)) })),
  };
}

/** All paths where they are few, the first and the last few of many. */
function summary(tiles: ReturnType<typeof tilesBetween>): object {
  const paths = tiles.map(tilePath);
  return { count: paths.length, first: paths.slice(0, 4), last: paths.slice(-4) };
}
