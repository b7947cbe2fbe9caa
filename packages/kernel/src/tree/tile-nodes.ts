import type { Digest } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { digestAt, digestBytes, nodeDigest, nodeDigestAt } from './hash.ts';
import type { NodeSource } from './range.ts';
import { checkTile, tileAt, tileHeight, tilePath, type Tile } from './tile.ts';

/** Gives the bytes of a tile; undefined when it is not there. */
export type TileReader = (tile: Tile) => Uint8Array | undefined;

/** Tiles whose inner nodes are kept: the upper ones serve every proof. */
const tilesKept = 64;

/** A tile and the nodes above its hashes: `above[0]` are half as many as these, and so on. */
interface Pyramid {
  readonly hashes: Uint8Array;
  readonly above: readonly (readonly Digest[])[];
}

/**
 * Nodes of the tree of `size` leaves, out of its tiles. A proof reads at most two tiles for each 8
 * levels: that of the place, and that of the edge. The tiles are not trusted and not checked: whoever is given
 * the proof verifies it against a signed root. Refuses `tile.missing` and `tile.invalid`.
 */
export function tileNodes(size: number, read: TileReader): NodeSource {
  const kept = new Map<string, Pyramid>();
  const pyramidOf = (tile: Tile): Result<Pyramid> => {
    const path = tilePath(tile);
    const known = kept.get(path);
    if (known !== undefined) return done(known);
    const made = readPyramid(tile, read);
    if (!made.ok) return made;
    if (kept.size >= tilesKept) kept.clear();
    kept.set(path, made.value);
    return made;
  };
  return (level, index) => {
    const height = level % tileHeight;
    const tileLevel = (level - height) / tileHeight;
    const tile = tileAt(tileLevel, (index + 1) * 2 ** height - 1, size);
    if (tile === undefined) return refused('tile.missing', outside(level, index, size));
    const pyramid = pyramidOf(tile);
    if (!pyramid.ok) return pyramid;
    const { hashes, above } = pyramid.value;
    const place = index - tile.index * 2 ** (tileHeight - height);
    const node = height === 0 ? digestAt(hashes, place * digestBytes) : above[height - 1]?.[place];
    return node === undefined ? refused('tile.missing', outside(level, index, size)) : done(node);
  };
}

function readPyramid(tile: Tile, read: TileReader): Result<Pyramid> {
  const bytes = read(tile);
  if (bytes === undefined) return refused('tile.missing', `${tilePath(tile)} is not there`);
  const wrong = checkTile(bytes, tile.width);
  return wrong === undefined ? done(pyramidOver(bytes)) : { ok: false, refusal: wrong };
}

/** Complete subtrees over the hashes; what is left over at the end has no parent here. */
function pyramidOver(hashes: Uint8Array): Pyramid {
  let row: Digest[] = [];
  for (let at = 0; at + 2 * digestBytes <= hashes.length; at += 2 * digestBytes) {
    row.push(nodeDigestAt(hashes, at));
  }
  const above = [row];
  while (row.length > 1) {
    const below = row;
    row = [];
    for (let at = 0; at + 1 < below.length; at += 2) {
      row.push(nodeDigest(below[at] ?? '', below[at + 1] ?? ''));
    }
    above.push(row);
  }
  return { hashes, above };
}

function outside(level: number, index: number, size: number): string {
  return `a tree of ${size} leaves has no complete subtree ${index} of level ${level}`;
}
