import type { Digest } from '../encoding/index.ts';
import type { Head, StoredEntry } from '../ledger/index.ts';
import {
  emptyFrontier,
  emptyHeadsMap,
  grow,
  rootOf,
  withHeads,
  type Frontier,
  type HeadsMap,
} from '../tree/index.ts';
import type { Roots } from './head-check.ts';

/** Keeps the roots of a ledger of chosen sizes, as its entries pass by in integration order. */
export class RootsAt {
  private readonly sizes: ReadonlySet<number>;
  private readonly roots = new Map<number, Roots>();
  private frontier: Frontier = emptyFrontier;
  /** Of every stream, as the entries so far tell them. */
  readonly heads: ReadonlyMap<string, Head>;
  private readonly growing = new Map<string, Head>();
  /** The map of heads as the last roots had it; undefined once a stream has gone back. */
  private map: HeadsMap | undefined = emptyHeadsMap;
  /** The streams that have grown since. */
  private readonly grown = new Set<string>();

  constructor(sizes: Iterable<number>) {
    this.sizes = new Set(sizes);
    this.heads = this.growing;
    this.keep();
  }

  /** Entries that have passed. */
  get size(): number {
    return this.frontier.size;
  }

  /** Root of the tree of all entries that have passed. */
  get root(): Digest {
    return rootOf(this.frontier);
  }

  /** The roots of a size that was asked for; undefined until so many entries have passed. */
  of(size: number): Roots | undefined {
    return this.roots.get(size);
  }

  /** Takes the next entry, by the hash of its leaf. */
  take({ stream, seq }: StoredEntry, digest: Digest): void {
    this.frontier = grow(this.frontier, [digest]);
    // No map tells the heads of such a ledger, and verification says what is wrong with the stream.
    if (seq <= (this.growing.get(stream)?.seq ?? -1)) this.map = undefined;
    this.growing.set(stream, { seq, digest });
    this.grown.add(stream);
    this.keep();
  }

  private keep(): void {
    const { size } = this.frontier;
    if (!this.sizes.has(size)) return;
    const changed = [...this.grown].flatMap((stream) => {
      const head = this.growing.get(stream);
      return head === undefined ? [] : [{ stream, head }];
    });
    this.grown.clear();
    if (this.map !== undefined) this.map = withHeads(this.map, changed);
    this.roots.set(size, { size, root: this.root, heads: this.map?.digest });
  }
}
