import type { LedgerStore, StoredEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { RecentPages } from './recent-pages.ts';
import type { Seat } from './seat.ts';

export type Page = readonly StoredEntry[];

const pageSize = 512;
const keptChars = 4 * 2 ** 20;
/** The end is looked at as often as that, though nobody told that it has moved. */
const lookMs = 1_000;
/** Rest after a page, for each that it woke; to wake one takes about a tenth of that. */
const restMsEach = 0.02;

/** What all followers of a ledger share while there are any. */
export class Tail {
  readonly #store: LedgerStore;
  readonly #recent = new RecentPages(keptChars);
  readonly #waiting = new Set<Seat>();
  readonly #reading = new Map<number, Promise<Page>>();
  readonly #unsubscribe: () => void;
  readonly #look: NodeJS.Timeout;
  /** Position behind the last entry that was read at the end; undefined until one has met it. */
  #end: number | undefined;
  /** Whether the ledger may have grown since it was last read at the end. */
  #stale = false;
  #turning = false;

  constructor(store: LedgerStore) {
    this.#store = store;
    const grown = (): void => {
      this.#stale = true;
      void this.#turn();
    };
    this.#unsubscribe = store.subscribe(grown);
    this.#look = setInterval(grown, lookMs);
  }

  close(): void {
    this.#unsubscribe();
    clearInterval(this.#look);
  }

  /** @throws {RefusalError} `ledger.corrupt` where the ledger has no entry at a position. */
  async checkHas(position: number): Promise<void> {
    const page = await this.#read(position, 1);
    if (page.length === 0) throw missing(position);
  }

  /** Ends the waiting of whoever sits there, now and later. */
  leave(seat: Seat): void {
    this.#waiting.delete(seat);
    seat.leave();
  }

  /** Entries from a position on that were read for all, where they are kept. */
  kept(position: number): Page | undefined {
    return this.#recent.from(position);
  }

  /** Entries from a position on; none, or undefined, when the caller is to ask again. */
  later(position: number, seat: Seat): Promise<Page | undefined> {
    const isAtEnd = this.#end !== undefined && position >= this.#end;
    return isAtEnd ? this.#growth(seat) : this.#behind(position);
  }

  async #behind(position: number): Promise<Page> {
    const page = await this.#readBehind(position);
    if (page.length > 0) return page;
    this.#end ??= position;
    // The read may have been shared, and have begun before the end was there.
    if (position < this.#end) await this.checkHas(position);
    return page;
  }

  /** Those who are behind read up to the same places, so that they come to share their reads. */
  #readBehind(position: number): Promise<Page> {
    const underway = this.#reading.get(position);
    if (underway !== undefined) return underway;
    const read = this.#read(position, pageSize - (position % pageSize));
    this.#reading.set(position, read);
    const forget = (): void => void this.#reading.delete(position);
    read.then(forget, forget);
    return read;
  }

  #growth(seat: Seat): Promise<undefined> {
    this.#waiting.add(seat);
    const woken = seat.wait();
    void this.#turn();
    return woken;
  }

  /** Reads at the end for all who wait there, as long as there is something new. */
  async #turn(): Promise<void> {
    if (this.#turning) return;
    this.#turning = true;
    while (this.#end !== undefined && this.#stale && this.#waiting.size > 0) {
      const woken = this.#waiting.size;
      const isFull = await this.#readEnd(this.#end);
      // Full pages follow each other at once; others let some entries gather.
      if (!isFull) await rest(woken * restMsEach);
    }
    this.#turning = false;
  }

  /** Whether there may be more to read at once. */
  async #readEnd(end: number): Promise<boolean> {
    this.#stale = false;
    try {
      const page = await this.#read(end, pageSize);
      this.#recent.add(page);
      this.#end = end + page.length;
      this.#stale ||= page.length === pageSize;
      if (page.length > 0) this.#takeWaiting().forEach((seat) => seat.wake());
      return page.length === pageSize;
    } catch (error) {
      this.#stale = true;
      this.#takeWaiting().forEach((seat) => seat.fail(error));
      return false;
    }
  }

  #takeWaiting(): Seat[] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    return waiting;
  }

  async #read(from: number, limit: number): Promise<Page> {
    const page = await this.#store.readAll(from, limit);
    const gap = page.findIndex(({ position }, index) => position !== from + index);
    if (gap >= 0) throw missing(from + gap);
    return page;
  }
}

function rest(restMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, restMs));
}

function missing(position: number): RefusalError {
  return new RefusalError(
    refusal('ledger.corrupt', `the ledger has no entry at position ${position}, which was there`),
  );
}
