import type { LedgerStore } from '@chancery/kernel/ledger';
import { Seat } from './seat.ts';
import { Tail, type Page } from './tail.ts';

export interface FollowOptions {
  /** Position of the first entry that is wanted: 0, or behind the last one that was seen. */
  readonly from: number;
  /** Ends it, also while it waits. */
  readonly signal: AbortSignal;
}

/**
 * Followers of one ledger. Each sees every entry from its position on once, in order, and is given
 * the next page when it asks for it. Those at the end share one read of each new page; those that
 * are behind read for themselves and hold up nobody. A follower has at most one page in hand, and
 * beside that the last 4 MiB are kept. What comes in quick succession is gathered, the more the more
 * there are to be woken: with 10,000 followers for a fifth of a second, with a few for no time.
 *
 * The process stays alive while there are followers. They end before their store is closed.
 */
export class Followers {
  readonly #store: LedgerStore;
  #tail: Tail | undefined;
  #present = 0;

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  /**
   * Pages of entries, never empty, until the signal. To resume, follow from behind the last entry.
   * @throws {RefusalError} as reading the store does; `ledger.corrupt` where the entry before `from`
   * is not there: the ledger is another one, or has lost its end.
   */
  async *follow({ from, signal }: FollowOptions): AsyncGenerator<Page, void, undefined> {
    const tail = (this.#tail ??= new Tail(this.#store));
    const isOver = (): boolean => signal.aborted;
    const seat = new Seat();
    const leave = (): void => tail.leave(seat);
    this.#present += 1;
    signal.addEventListener('abort', leave);
    try {
      if (from > 0) await tail.checkHas(from - 1);
      for (let next = from; !isOver();) {
        const page = tail.kept(next) ?? (await tail.later(next, seat));
        if (page === undefined || page.length === 0 || isOver()) continue;
        next += page.length;
        yield page;
      }
    } finally {
      signal.removeEventListener('abort', leave);
      this.#present -= 1;
      if (this.#present === 0) {
        tail.close();
        this.#tail = undefined;
      }
    }
  }
}
