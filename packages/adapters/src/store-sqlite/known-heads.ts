import type { Head } from '@chancery/kernel/ledger';
import type { Reader } from './reader.ts';
import type { Settlement, Waiting } from './settlement.ts';

/** Streams whose heads are kept; over it all are dropped and read again when needed. */
const streamsKept = 100_000;

/**
 * Durable heads of streams, for those who ask. Should one be stale because another process has
 * written, whoever relies on it meets a conflict, and then all are read again.
 */
export class KnownHeads {
  readonly #reader: Reader;
  /** A stream that is known not to exist is there as null. */
  readonly #known = new Map<string, Head | null>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  of(stream: string): Head | null {
    const known = this.#known.get(stream);
    if (known !== undefined) return known;
    const head = this.#reader.tip(stream)?.head ?? null;
    this.#keep(stream, head);
    return head;
  }

  /** Takes note of what became of a group. */
  learn(group: readonly Waiting[], settlements: readonly Settlement[]): void {
    if (settlements.some(({ kind }) => kind === 'conflict')) this.#known.clear();
    for (const [index, { batch }] of group.entries()) {
      if (settlements[index]?.kind !== 'appended') continue;
      const { entries } = batch;
      for (const [at, { entry, digest }] of entries.entries()) {
        if (entries[at + 1]?.entry.stream === entry.stream) continue;
        this.#keep(entry.stream, { seq: entry.seq, digest });
      }
    }
  }

  #keep(stream: string, head: Head | null): void {
    if (this.#known.size >= streamsKept) this.#known.clear();
    this.#known.set(stream, head);
  }
}
