import { leafDigest } from '@chancery/kernel/encoding';
import type { LedgerStore, StoredEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import {
  bundlePath,
  encodeBundle,
  encodeTile,
  growTiles,
  rootOf,
  tilePath,
  tileWidth,
  withHeads,
  type Checkpoint,
  type HeadsMap,
  type TileGrowth,
} from '@chancery/kernel/tree';
import { headsOf } from './stream-heads.ts';
import type { TileStore } from './tile-store.ts';

/** As many entries are read at once; whole tiles of them. */
const pageSize = 4 * tileWidth;

/** A tree on its way from one checkpoint to the next. Full tiles are written as they come. */
export class Growing {
  readonly #tiles: TileStore;
  #growth: TileGrowth;
  #heads: HeadsMap;
  /** Entries of the bundle that is not full yet. */
  #bundle: StoredEntry[] = [];

  constructor(tiles: TileStore, growth: TileGrowth, heads: HeadsMap) {
    this.#tiles = tiles;
    this.#growth = growth;
    this.#heads = heads;
  }

  get size(): number {
    return this.#growth.frontier.size;
  }

  /** Takes all entries that are new, up to a position; those before them of the same bundle are read with them. */
  async read(store: LedgerStore, upTo = Number.MAX_SAFE_INTEGER): Promise<void> {
    this.#bundle = [];
    for (let next = this.size - (this.size % tileWidth); next < upTo;) {
      const asked = Math.min(pageSize, upTo - next);
      const page = await store.readAll(next, asked);
      checkPlaces(page, next);
      await this.#take(page);
      next += page.length;
      if (page.length < pageSize) return;
    }
  }

  /** Writes the partial tiles, and the bundle that is not full. */
  async finish(): Promise<void> {
    for (const [level, hashes] of this.#growth.edge.entries()) {
      if (hashes.length === 0) continue;
      const index = Math.floor(this.size / tileWidth ** (level + 1));
      const path = tilePath({ level, index, width: hashes.length });
      await this.#tiles.write(path, encodeTile(hashes));
    }
    await this.#writeBundle();
  }

  checkpoint(origin: string): Checkpoint {
    const { size } = this;
    return { origin, size, root: rootOf(this.#growth.frontier), heads: this.#heads.digest };
  }

  async #take(page: readonly StoredEntry[]): Promise<void> {
    const fresh = page.filter(({ position }) => position >= this.size);
    const { growth, tiles } = growTiles(
      this.#growth,
      fresh.map(({ text }) => leafDigest(text)),
    );
    this.#growth = growth;
    this.#heads = withHeads(this.#heads, headsOf(fresh));
    for (const { tile, bytes } of tiles) {
      if (tile.width === tileWidth) await this.#tiles.write(tilePath(tile), bytes);
    }
    for (const entry of page) {
      this.#bundle.push(entry);
      if (this.#bundle.length < tileWidth) continue;
      await this.#writeBundle();
      this.#bundle = [];
    }
  }

  /** A bundle with an entry that is too long for one is left out: its leaf is in the tree. */
  async #writeBundle(): Promise<void> {
    const [first] = this.#bundle;
    if (first === undefined) return;
    const bundle = encodeBundle(this.#bundle.map(({ text }) => text));
    if (!bundle.ok) return;
    const place = { index: first.position / tileWidth, width: this.#bundle.length };
    await this.#tiles.write(bundlePath(place), bundle.value);
  }
}

/** An entry is the leaf of its position: over a gap every later leaf would be that of another entry. */
function checkPlaces(page: readonly StoredEntry[], from: number): void {
  const wrong = page.find(({ position }, index) => position !== from + index);
  if (wrong === undefined) return;
  const why = `an entry is missing before position ${wrong.position} of the ledger`;
  throw new RefusalError(refusal('ledger.corrupt', why));
}
