import type { Digest } from '@chancery/kernel/encoding';
import { readEntry, type Head, type LedgerStore, type SealedEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

const pageSize = 512;

export interface ReadFrom {
  /** What was read last; null to begin at the stream's first entry. */
  readonly after?: Head | null;
  /** Id of the ledger that the stream's first entry has to link to. */
  readonly ledger?: Digest;
}

/**
 * The entries of a stream, opened strictly, each linked to the one before, up to the head that the
 * store tells.
 * @throws {RefusalError} `ledger.corrupt`, naming the entry: bytes that no version has written, a
 * link that does not hold, an end that is not the head.
 */
export async function* entriesOf(
  store: LedgerStore,
  stream: string,
  { after = null, ledger }: ReadFrom = {},
): AsyncGenerator<SealedEntry, void, undefined> {
  const head = await store.head(stream);
  let prev = after?.digest ?? ledger;
  let next = after === null ? 0 : after.seq + 1;
  for (;;) {
    const page = await store.read(stream, next, pageSize);
    for (const stored of page) {
      const read = readEntry(stored);
      if (!read.ok) throw corrupt(stream, stored.seq, read.refusal.message);
      const sealed = read.value;
      if (prev !== undefined && sealed.entry.prev !== null && sealed.entry.prev !== prev) {
        throw corrupt(stream, stored.seq, 'it is not linked to the entry before');
      }
      if (sealed.entry.seq === head?.seq && sealed.digest !== head.digest) {
        throw corrupt(stream, stored.seq, 'it is not the head of the stream');
      }
      prev = sealed.digest;
      next += 1;
      yield { ...sealed, position: stored.position };
    }
    if (page.length < pageSize) break;
  }
  if (head !== null && next <= head.seq) throw corrupt(stream, next, 'it is missing');
}

/**
 * The entries of a stream from its head to its first, opened strictly, each the one that the later
 * one links to.
 * @throws {RefusalError} `ledger.corrupt`, as `entriesOf`.
 */
export async function* entriesBackwards(
  store: LedgerStore,
  stream: string,
): AsyncGenerator<SealedEntry, void, undefined> {
  const head = await store.head(stream);
  let linked: string | null = head?.digest ?? null;
  for (let end = (head?.seq ?? -1) + 1; end > 0; end -= pageSize) {
    const first = Math.max(0, end - pageSize);
    const page = await store.read(stream, first, end - first);
    if (page.length < end - first) throw corrupt(stream, end - 1, 'one up to it is missing');
    for (const stored of page.toReversed()) {
      const read = readEntry(stored);
      if (!read.ok) throw corrupt(stream, stored.seq, read.refusal.message);
      if (read.value.digest !== linked) {
        throw corrupt(stream, stored.seq, 'what follows is not linked to it');
      }
      linked = read.value.entry.prev;
      yield read.value;
    }
  }
}

/** Number of entries of a ledger; it only grows. Asks for some forty of them where there are many. */
export async function ledgerSize(store: LedgerStore): Promise<number> {
  const has = async (position: number): Promise<boolean> =>
    (await store.readAll(position, 1)).length > 0;
  let most = 1;
  while (await has(most - 1)) most *= 2;
  let least = Math.floor(most / 2);
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (await has(middle - 1)) least = middle;
    else most = middle;
  }
  return least;
}

function corrupt(stream: string, seq: number, why: string): RefusalError {
  return new RefusalError(refusal('ledger.corrupt', `entry ${seq} of ${stream}: ${why}`));
}
