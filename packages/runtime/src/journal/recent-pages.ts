import type { StoredEntry } from '@chancery/kernel/ledger';

/** The last pages that were read at the end of a ledger; older ones go when they become too many. */
export class RecentPages {
  readonly #mostChars: number;
  #pages: { readonly first: number; readonly page: readonly StoredEntry[]; chars: number }[] = [];
  #chars = 0;

  /** `mostChars`: how much text of entries is kept, beside the latest page. */
  constructor(mostChars: number) {
    this.#mostChars = mostChars;
  }

  /** Takes a page that follows the one before. */
  add(page: readonly StoredEntry[]): void {
    const [start] = page;
    if (start === undefined) return;
    const chars = page.reduce((sum, { text }) => sum + text.length, 0);
    this.#pages.push({ first: start.position, page, chars });
    this.#chars += chars;
    while (this.#chars > this.#mostChars && this.#pages.length > 1) {
      this.#chars -= this.#pages.shift()?.chars ?? 0;
    }
  }

  /** What is kept of the page with this position, from there on; undefined where it is not kept. */
  from(position: number): readonly StoredEntry[] | undefined {
    const found = this.#pages.findLast(({ first }) => first <= position);
    if (found === undefined || position >= found.first + found.page.length) return undefined;
    return position === found.first ? found.page : found.page.slice(position - found.first);
  }

  clear(): void {
    this.#pages = [];
    this.#chars = 0;
  }
}
