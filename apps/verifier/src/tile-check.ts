import type { Digest } from '@chancery/kernel/encoding';
import { refusal, RefusalError, type Refusal } from '@chancery/kernel/refusal';
import {
  emptyGrowth,
  encodeTile,
  growTiles,
  parseBundlePath,
  parseTilePath,
  tilePath,
  tileWidth,
  type Tile,
} from '@chancery/kernel/tree';
import type { TileVerdict } from './evidence.ts';
import type { TileFiles } from './tile-files.ts';

/** Flaws that are named; the rest is counted. */
const mostNamed = 100;
const hashBytes = 32;

/**
 * Computes the tiles of a tree again from the hashes of its leaves, as they pass by, and compares
 * them with those of a folder: every tile that a tree of this size has, and what stands at the same
 * place for a smaller or larger tree, as far as it holds the same hashes. Keeps no more than the
 * unfinished tile of each level.
 */
export class TileCheck {
  readonly #files: TileFiles;
  #growth = emptyGrowth;
  readonly #named: Refusal[] = [];
  #more = 0;

  constructor(files: TileFiles) {
    this.#files = files;
  }

  /** Takes the next leaves, in the order of the tree. */
  take(leaves: readonly Digest[]): void {
    const { growth, tiles } = growTiles(this.#growth, leaves);
    this.#growth = growth;
    for (const { tile, bytes } of tiles) {
      if (tile.width === tileWidth) this.#compare(tile, bytes);
    }
  }

  /** After all leaves. */
  finish(): TileVerdict {
    const { edge, frontier } = this.#growth;
    for (const [level, hashes] of edge.entries()) {
      if (hashes.length === 0) continue;
      const index = Math.floor(frontier.size / tileWidth ** (level + 1));
      this.#compare({ level, index, width: hashes.length }, encodeTile(hashes));
    }
    const more =
      this.#more === 0
        ? []
        : [refusal('tile.invalid', `${this.#more} more tiles are missing or wrong`)];
    return { refusals: [...this.#named, ...more], unsigned: this.#unsigned() };
  }

  #compare(tile: Tile, bytes: Uint8Array): void {
    this.#compareFile(tile, bytes);
    for (const width of this.#otherWidths(tile)) this.#compareFile({ ...tile, width }, bytes);
  }

  /** Compares as many hashes as both hold. */
  #compareFile(tile: Tile, expected: Uint8Array): void {
    const path = tilePath(tile);
    try {
      const found = this.#files.read(path, (length) => length === tile.width * hashBytes);
      const both = Math.min(found.length, expected.length);
      if (isSame(found.subarray(0, both), expected.subarray(0, both))) return;
      this.#note(refusal('tile.invalid', `${path} does not hold the hashes of the entries`));
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      this.#note(error.refusal);
    }
  }

  /** Of the trees that were signed before this one, or are still to be. */
  #otherWidths(tile: Tile): readonly number[] {
    const full = tilePath({ ...tile, width: tileWidth });
    return [full, ...this.#files.below(`${full}.p`)].flatMap((path) => {
      const parsed = parseTilePath(path);
      if (!parsed.ok || parsed.value.width === tile.width) return [];
      const { width } = parsed.value;
      return width < tileWidth || this.#files.has(path) ? [width] : [];
    });
  }

  #note(flaw: Refusal): void {
    if (this.#named.length < mostNamed) this.#named.push(flaw);
    else this.#more += 1;
  }

  #unsigned(): number {
    let unsigned = 0;
    for (const path of this.#files.below('tile')) {
      const tile = parseTilePath(path);
      const bundle = parseBundlePath(path);
      if (tile.ok && this.#isBeyond(tile.value)) unsigned += 1;
      if (bundle.ok && this.#isBeyond({ ...bundle.value, level: 0 })) unsigned += 1;
    }
    return unsigned;
  }

  #isBeyond({ level, index, width }: Tile): boolean {
    const hashes = Math.floor(this.#growth.frontier.size / tileWidth ** level);
    return index * tileWidth + width > hashes;
  }
}

function isSame(found: Uint8Array, expected: Uint8Array): boolean {
  return found.every((byte, at) => byte === expected[at]);
}
