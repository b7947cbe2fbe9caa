import { tileAt, tileWidth, type Tile } from './tile.ts';

/**
 * The tiles that a proof about the leaf at `index` in the tree of `size` leaves is made from: those
 * on the way from the leaf to the root, and the last one of each level. A proof of consistency from
 * a tree of `n` leaves is one about the leaf at `n - 1`.
 */
export function neededTiles(index: number, size: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; tileWidth ** level <= size; level += 1) {
    const nodes = Math.floor(size / tileWidth ** level);
    const last = tileAt(level, nodes - 1, size);
    const onWay = tileAt(level, Math.floor(index / tileWidth ** level), size);
    if (onWay !== undefined && onWay.index !== last?.index) tiles.push(onWay);
    if (last !== undefined) tiles.push(last);
  }
  return tiles;
}
