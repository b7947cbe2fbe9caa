import { RefusalError } from '@chancery/kernel/refusal';
import {
  neededTiles,
  resumeGrowth,
  emptyGrowth,
  tileNodes,
  tilePath,
  tileWidth,
  type Checkpoint,
  type NodeSource,
  type Tile,
  type TileGrowth,
  type TileReader,
} from '@chancery/kernel/tree';
import type { TileStore } from './tile-store.ts';

/** Nodes enough to prove something of each leaf of `indices` in the tree of `size` leaves. */
export async function nodesToProve(
  tiles: TileStore,
  indices: readonly number[],
  size: number,
): Promise<NodeSource> {
  return tileNodes(size, await neededReader(tiles, indices, size));
}

/**
 * The tree of a checkpoint, ready to grow; that of no checkpoint is empty.
 * @throws {RefusalError} `tile.missing`, and `tile.invalid` when the tiles give another root.
 */
export async function readGrowth(tiles: TileStore, checkpoint?: Checkpoint): Promise<TileGrowth> {
  if (checkpoint === undefined || checkpoint.size === 0) return emptyGrowth;
  const { size, root } = checkpoint;
  const growth = resumeGrowth(size, await neededReader(tiles, [size - 1], size), root);
  if (!growth.ok) throw new RefusalError(growth.refusal);
  return growth.value;
}

async function neededReader(
  tiles: TileStore,
  indices: readonly number[],
  size: number,
): Promise<TileReader> {
  const read = new Map<string, Uint8Array | undefined>();
  for (const tile of indices.flatMap((index) => neededTiles(index, size))) {
    const path = tilePath(tile);
    if (!read.has(path)) read.set(path, await readTile(tiles, tile));
  }
  return (tile) => read.get(tilePath(tile));
}

/** A partial tile may be gone once the full one is there. */
async function readTile(tiles: TileStore, tile: Tile): Promise<Uint8Array | undefined> {
  const bytes = await tiles.read(tilePath(tile));
  if (bytes !== undefined || tile.width === tileWidth) return bytes;
  const full = await tiles.read(tilePath({ ...tile, width: tileWidth }));
  return full?.subarray(0, (full.length / tileWidth) * tile.width);
}
