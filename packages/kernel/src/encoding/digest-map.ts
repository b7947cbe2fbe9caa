import type { Digest } from './digest.ts';
import { wordAt } from './digest-words.ts';

const digestWords = 8;
const rowWords = digestWords + 1;
/** Rows of a part, of which the first begins with fewer. */
const partRows = 1 << 12;
const firstRows = 1 << 4;
/** Slots that are looked at for a row, from the one on that it belongs to. */
const reach = 64;

/** Of the digest that is looked for; written anew by each call. */
const words = new Uint32Array(digestWords);

/**
 * A number (unsigned, 32 bits) for each of many digests. Takes 41 to 47 bytes for each, and nothing
 * that a garbage collector has to look at; a `Map` takes four times as much, and a ledger of a
 * million entries has a million digests, any of which a later entry may name.
 *
 * Rows stand in the order in which they came, in parts that are never moved, and slots tell where
 * each is. Whole digests are compared. Digests that somebody made up to fall upon the same slots stand
 * apart: they take more memory then, and no more time.
 */
export class DigestMap {
  readonly #parts = [new Uint32Array(firstRows * rowWords)];
  #rows = 0;
  /** At most three in four are taken: by the number of a row and one. */
  #slots = new Uint32Array(2 * firstRows);
  readonly #apart = new Map<Digest, number>();

  /** `digest` is one, as everywhere here: the caller has seen to it. */
  get(digest: Digest): number | undefined {
    const row = this.#find(digest);
    if (row !== undefined) return this.#part(row)[valueAt(row)];
    return this.#apart.size === 0 ? undefined : this.#apart.get(digest);
  }

  set(digest: Digest, value: number): void {
    const row = this.#find(digest);
    if (row !== undefined) this.#part(row)[valueAt(row)] = value;
    else if (!this.#add(value)) this.#apart.set(digest, value);
  }

  /** The row of a digest, whose words are left in `words`. */
  #find(digest: Digest): number | undefined {
    for (let index = 0; index < digestWords; index += 1) words[index] = wordAt(digest, index * 8);
    const slots = this.#slots;
    const mask = slots.length - 1;
    const home = (words[0] ?? 0) & mask;
    for (let step = 0; step < reach; step += 1) {
      const taken = slots[(home + step) & mask] ?? 0;
      if (taken === 0) return undefined;
      if (this.#holds(taken - 1)) return taken - 1;
    }
    return undefined;
  }

  /** Whether the row is that of the digest in `words`. */
  #holds(row: number): boolean {
    const part = this.#part(row);
    const from = (row % partRows) * rowWords;
    for (let index = 0; index < digestWords; index += 1) {
      if (part[from + index] !== words[index]) return false;
    }
    return true;
  }

  /** Adds a row for the digest in `words`. False where none of its slots is free. */
  #add(value: number): boolean {
    const row = this.#rows;
    if ((row + 1) * 4 > this.#slots.length * 3) this.#widen();
    if (!place(this.#slots, row, words[0] ?? 0)) return false;
    const part = this.#room(row);
    part.set(words, (row % partRows) * rowWords);
    part[valueAt(row)] = value;
    this.#rows += 1;
    return true;
  }

  /** The part that a new row goes to. */
  #room(row: number): Uint32Array {
    const [first = new Uint32Array()] = this.#parts;
    if (row < partRows && row * rowWords === first.length) {
      const longer = new Uint32Array(first.length * 2);
      longer.set(first);
      this.#parts[0] = longer;
    } else if (row === this.#parts.length * partRows) {
      this.#parts.push(new Uint32Array(partRows * rowWords));
    }
    return this.#part(row);
  }

  /**
   * Twice as many slots. What was between a row and its home, and nothing else, can be there again:
   * none is farther from it than before.
   */
  #widen(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    for (let row = 0; row < this.#rows; row += 1) {
      place(slots, row, this.#part(row)[(row % partRows) * rowWords] ?? 0);
    }
    this.#slots = slots;
  }

  #part(row: number): Uint32Array {
    return this.#parts[Math.floor(row / partRows)] ?? words;
  }
}

function place(slots: Uint32Array, row: number, home: number): boolean {
  const mask = slots.length - 1;
  for (let step = 0; step < reach; step += 1) {
    const slot = (home + step) & mask;
    if (slots[slot] !== 0) continue;
    slots[slot] = row + 1;
    return true;
  }
  return false;
}

function valueAt(row: number): number {
  return (row % partRows) * rowWords + digestWords;
}
