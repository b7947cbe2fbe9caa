import type { Digest } from '../encoding/index.ts';
import { assert, done, refused, type Result } from '../refusal/index.ts';
import { emptyFrontier, grow, rootOf, type Frontier } from './frontier.ts';
import { rangeRoot } from './range.ts';
import { decodeTile, encodeTile, tileAt, tileHeight, tilesBetween, tileWidth } from './tile.ts';
import type { Tile } from './tile.ts';
import { tileNodes, type TileReader } from './tile-nodes.ts';

/** A tree that grows into tiles: its frontier and, for each level, the hashes of its partial tile. */
export interface TileGrowth {
  readonly frontier: Frontier;
  readonly edge: readonly (readonly Digest[])[];
}

export interface WrittenTile {
  readonly tile: Tile;
  readonly bytes: Uint8Array;
}

export const emptyGrowth: TileGrowth = { frontier: emptyFrontier, edge: [] };

/** The tree after further leaves, and the tiles that its new size has and the old one had not. */
export function growTiles(
  growth: TileGrowth,
  leaves: readonly Digest[],
): { readonly growth: TileGrowth; readonly tiles: readonly WrittenTile[] } {
  const rows = growth.edge.map((hashes) => [...hashes]);
  const frontier = grow(growth.frontier, leaves, (level, _index, digest) => {
    if (level % tileHeight !== 0) return;
    (rows[level / tileHeight] ??= []).push(digest);
  });
  const before = growth.frontier.size;
  const tiles = tilesBetween(before, frontier.size).map((tile) => {
    const begin = tile.index * tileWidth - edgeStart(tile.level, before);
    const hashes = (rows[tile.level] ?? []).slice(begin, begin + tile.width);
    return { tile, bytes: encodeTile(hashes) };
  });
  const edge = rows.map((row, level) =>
    row.slice(edgeStart(level, frontier.size) - edgeStart(level, before)),
  );
  return { growth: { frontier, edge }, tiles };
}

/**
 * Takes up the growth of a tree from its stored tiles, which must give `root`. Refuses `tile.missing`
 * and `tile.invalid`.
 */
export function resumeGrowth(size: number, read: TileReader, root: Digest): Result<TileGrowth> {
  assert(Number.isSafeInteger(size) && size >= 0, 'a tree has a count of leaves');
  const edge: (readonly Digest[])[] = [];
  for (let level = 0; tileWidth ** level <= size; level += 1) {
    const start = edgeStart(level, size);
    const tile = tileAt(level, start, size);
    if (tile === undefined) {
      edge.push([]);
      continue;
    }
    const bytes = read(tile);
    if (bytes === undefined) return refused('tile.missing', `level ${level} has no last tile`);
    const hashes = decodeTile(bytes, tile);
    if (!hashes.ok) return hashes;
    edge.push(hashes.value);
  }
  const frontier = frontierOf(size, read);
  if (!frontier.ok) return frontier;
  if (rootOf(frontier.value) !== root) {
    return refused('tile.invalid', `the tiles of ${size} leaves give another root`);
  }
  return done({ frontier: frontier.value, edge });
}

function frontierOf(size: number, read: TileReader): Result<Frontier> {
  const nodes = tileNodes(size, read);
  const peaks: Digest[] = [];
  for (let from = 0; from < size;) {
    let width = 1;
    while (width * 2 <= size - from) width *= 2;
    const peak = rangeRoot(nodes, { from, to: from + width });
    if (!peak.ok) return peak;
    peaks.push(peak.value);
    from += width;
  }
  return done({ size, peaks });
}

/** Index of the first hash of the partial tile of a level. */
function edgeStart(level: number, size: number): number {
  return Math.floor(Math.floor(size / tileWidth ** level) / tileWidth) * tileWidth;
}
