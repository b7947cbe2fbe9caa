import { isDigest, wordAt, wordText, type Digest } from '../encoding/index.ts';
import type { Body, Entry, Kind } from '../ledger/index.ts';
import { assert } from '../refusal/index.ts';
import { workspaceKey, WorldFold, type Delta, type World } from '../world/index.ts';

/** A moment of a run at which its world changed. */
export interface Moment {
  /** The entry that changed it. */
  readonly entry: Digest;
  readonly world: World;
}

const digestWords = 8;
/** The entry, and the tree of its files. */
const rowWords = 2 * digestWords;
const firstRows = 4;

/**
 * The worlds that a run has been through, from its start on. A change of the files alone, as nearly
 * all are, takes some seventy bytes, so that the past of every run can be kept while a ledger is
 * verified.
 */
export class WorldLog {
  /** Of the entries that changed the world, ascending. */
  readonly #seqs: number[] = [];
  #rows = new Uint32Array(firstRows * rowWords);
  /** Changes of more than the files, by their row. */
  readonly #others = new Map<number, Delta>();

  /** Takes an entry of the run that was folded. */
  take(entry: Entry, digest: Digest): void {
    const delta = changeOf(entry);
    if (delta.length === 0) return;
    const row = this.#seqs.push(entry.seq) - 1;
    this.#widen();
    this.#set(row * rowWords, digest);
    const tree = treeIn(delta);
    if (tree === undefined) this.#others.set(row, delta);
    else this.#set(row * rowWords + digestWords, tree);
  }

  /** How the world was after an entry; undefined before the run was started. */
  at(seq: number): Moment | undefined {
    const rows = this.#seqs.findLastIndex((changed) => changed <= seq) + 1;
    if (rows === 0) return undefined;
    const fold = new WorldFold();
    for (let row = 0; row < rows; row += 1) {
      const wrong = fold.apply(this.#others.get(row) ?? this.#files(row, fold.world));
      assert(wrong === undefined, 'what was folded once folds again');
    }
    return { entry: this.#get((rows - 1) * rowWords), world: fold.world };
  }

  #files(row: number, { cells }: World): Delta {
    const value = this.#get(row * rowWords + digestWords);
    return [{ op: 'put', key: workspaceKey, value, expect: cells.get(workspaceKey)?.version ?? 0 }];
  }

  #widen(): void {
    const needed = this.#seqs.length * rowWords;
    if (needed <= this.#rows.length) return;
    const wider = new Uint32Array(2 * this.#rows.length);
    wider.set(this.#rows);
    this.#rows = wider;
  }

  #set(at: number, digest: string): void {
    for (let word = 0; word < digestWords; word += 1) {
      this.#rows[at + word] = wordAt(digest, word * 8);
    }
  }

  #get(at: number): Digest {
    return [...this.#rows.subarray(at, at + digestWords)].map(wordText).join('');
  }
}

/** What each kind changes of the world of its run; one without a row changes nothing. */
const changes: { readonly [K in Kind]?: (body: Body<K>) => Delta } = {
  'run.started': ({ workspace: { tree } }) => [
    { op: 'put', key: workspaceKey, value: tree, expect: 0 },
  ],
  'run.branched': ({ delta }) => delta,
  commit: ({ delta }) => delta,
  'execution.failed': ({ delta }) => delta,
};

function changeOf({ kind, body }: Entry): Delta {
  const change = changes[kind] as ((body: Entry['body']) => Delta) | undefined;
  return change?.(body) ?? [];
}

/** The tree that a change puts in the place of the files, where it does nothing else. */
function treeIn(delta: Delta): string | undefined {
  const [only, ...more] = delta;
  if (only?.op !== 'put' || only.key !== workspaceKey || more.length > 0) return undefined;
  return typeof only.value === 'string' && isDigest(only.value) ? only.value : undefined;
}
