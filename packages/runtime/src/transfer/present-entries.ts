import type { LedgerStore, StoredEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

const pageSize = 500;

/** Compares the entries of a ledger, none where it is undefined, with those of an export that comes by in order from position 0. */
export class PresentEntries {
  readonly #store: LedgerStore | undefined;
  #page: readonly StoredEntry[] = [];
  #from = 0;
  #isAtEnd = false;
  #count = 0;

  constructor(store: LedgerStore | undefined) {
    this.#store = store;
  }

  /** How many entries of the export are in the ledger, so far. */
  get count(): number {
    return this.#count;
  }

  /** @throws {RefusalError} `ledger.forked` when the ledger has another entry in this place. */
  async compare({ position, text, stream, seq }: StoredEntry): Promise<void> {
    const present = await this.#at(position);
    if (present === undefined) return;
    if (present.text !== text) {
      const message = `the ledger that is here has entry ${present.seq} of ${present.stream} at position ${position}, the export entry ${seq} of ${stream}`;
      throw new RefusalError(refusal('ledger.forked', message));
    }
    this.#count += 1;
  }

  async #at(position: number): Promise<StoredEntry | undefined> {
    if (position >= this.#from + this.#page.length && !this.#isAtEnd) {
      this.#page = (await this.#store?.readAll(position, pageSize)) ?? [];
      this.#from = position;
      this.#isAtEnd = this.#page.length < pageSize;
    }
    return this.#page[position - this.#from];
  }
}
