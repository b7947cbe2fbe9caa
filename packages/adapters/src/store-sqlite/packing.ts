import type { Blob, Head, HeadExpectation } from '@chancery/kernel/ledger';
import { assert } from '@chancery/kernel/refusal';
import type { WrittenBatch } from './settlement.ts';

type Item = string | number | null | Uint8Array;

/**
 * Batches as one list of plain values. A message to another thread is copied value by value, and
 * an object costs a copy of the names of its members each time: this form takes half the time.
 */
export type Packed = readonly Item[];

export function pack(batches: readonly WrittenBatch[]): Packed {
  const items: Item[] = [];
  for (const { entries, writes, reads, blobs } of batches) {
    items.push(entries.length, writes.length, reads.length, blobs.length);
    for (const { entry, text, digest } of entries) {
      items.push(entry.stream, entry.seq, entry.prev, text, digest);
    }
    for (const expectation of writes) packExpectation(items, expectation);
    for (const expectation of reads) packExpectation(items, expectation);
    for (const { digest, mediaType, bytes } of blobs) items.push(digest, mediaType, bytes);
  }
  return items;
}

function packExpectation(items: Item[], { stream, head }: HeadExpectation): void {
  items.push(stream, head === null ? null : head.seq, head === null ? null : head.digest);
}

/** The batches of `pack`, in their order. */
export function unpack(packed: Packed): WrittenBatch[] {
  const reader = new PackedReader(packed);
  const batches: WrittenBatch[] = [];
  while (!reader.isAtEnd) batches.push(readBatch(reader));
  return batches;
}

function readBatch(reader: PackedReader): WrittenBatch {
  const counts = [reader.number(), reader.number(), reader.number(), reader.number()] as const;
  return {
    entries: times(counts[0], () => readEntry(reader)),
    writes: times(counts[1], () => ({ stream: reader.text(), head: readHead(reader) })),
    reads: times(counts[2], () => ({ stream: reader.text(), head: readHead(reader) })),
    blobs: times(counts[3], () => readBlob(reader)),
  };
}

function times<T>(count: number, make: () => T): T[] {
  const made: T[] = [];
  for (let index = 0; index < count; index += 1) made.push(make());
  return made;
}

function readEntry(reader: PackedReader): WrittenBatch['entries'][number] {
  const entry = { stream: reader.text(), seq: reader.number(), prev: reader.textOrNull() };
  return { entry, text: reader.text(), digest: reader.text() };
}

function readHead(reader: PackedReader): Head | null {
  const seq = reader.numberOrNull();
  const digest = reader.textOrNull();
  return seq === null || digest === null ? null : { seq, digest };
}

function readBlob(reader: PackedReader): Blob {
  return { digest: reader.text(), mediaType: reader.text(), bytes: reader.bytes() };
}

/** Reads one value after the other, each of the kind that is expected there. */
class PackedReader {
  readonly #items: Packed;
  #at = 0;

  constructor(items: Packed) {
    this.#items = items;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#items.length;
  }

  text(): string {
    const item = this.#next();
    assert(typeof item === 'string', 'a text is expected in a packed batch');
    return item;
  }

  textOrNull(): string | null {
    const item = this.#next();
    assert(typeof item === 'string' || item === null, 'a text or null is expected');
    return item;
  }

  number(): number {
    const item = this.#next();
    assert(typeof item === 'number', 'a number is expected in a packed batch');
    return item;
  }

  numberOrNull(): number | null {
    const item = this.#next();
    assert(typeof item === 'number' || item === null, 'a number or null is expected');
    return item;
  }

  bytes(): Uint8Array {
    const item = this.#next();
    assert(item instanceof Uint8Array, 'bytes are expected in a packed batch');
    return item;
  }

  #next(): Item | undefined {
    const item = this.#items[this.#at];
    this.#at += 1;
    return item;
  }
}
