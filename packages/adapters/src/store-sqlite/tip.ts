import type { Head } from '@chancery/kernel/ledger';
import type { LedgerEnd, Reader, StreamTip } from './reader.ts';
import type { WrittenBatch } from './settlement.ts';

/** Streams whose heads are kept in memory; over it all are dropped and read again when needed. */
const streamsKept = 100_000;

/**
 * What the writer knows of the end of the ledger. Changes are staged while a transaction is open,
 * and become known when it is durable.
 */
export class Tip {
  readonly #reader: Reader;
  /** A stream that is known not to exist is there as undefined. */
  readonly #known = new Map<string, StreamTip | undefined>();
  readonly #staged = new Map<string, StreamTip>();
  #end: LedgerEnd | undefined;
  #stagedEnd: LedgerEnd | undefined;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  end(): LedgerEnd {
    this.#end ??= this.#reader.end();
    return this.#stagedEnd ?? this.#end;
  }

  stream(name: string): StreamTip | undefined {
    const tip = this.#staged.get(name) ?? this.#known.get(name);
    if (tip !== undefined || this.#known.has(name)) return tip;
    const read = this.#reader.tip(name);
    this.#known.set(name, read);
    return read;
  }

  /** Takes the head of a stream after a write; the number of the stream, and whether it is new. */
  stage(name: string, head: Head): { readonly id: number; readonly isNew: boolean } {
    const id = this.stream(name)?.id;
    const end = this.end();
    this.#staged.set(name, { id: id ?? end.nextStream, head });
    if (id !== undefined) return { id, isNew: false };
    this.#stagedEnd = { ...end, nextStream: end.nextStream + 1 };
    return { id: end.nextStream, isNew: true };
  }

  /** Takes note of entries at the end, of which the first may found the ledger. */
  extend(entries: WrittenBatch['entries']): void {
    const end = this.end();
    this.#stagedEnd = {
      nextPosition: end.nextPosition + entries.length,
      nextStream: end.nextStream,
      ledger: end.ledger ?? entries[0]?.digest ?? null,
    };
  }

  /** What was staged is durable. */
  keep(): void {
    if (this.#known.size > streamsKept) this.#known.clear();
    for (const [name, tip] of this.#staged) this.#known.set(name, tip);
    this.#end = this.end();
    this.#staged.clear();
    this.#stagedEnd = undefined;
  }

  /** Drops all; it is read from the database again when needed. */
  forget(): void {
    this.#known.clear();
    this.#staged.clear();
    this.#end = undefined;
    this.#stagedEnd = undefined;
  }
}
