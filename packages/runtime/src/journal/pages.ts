import { openEntry, type LedgerStore, type SealedEntry } from '@chancery/kernel/ledger';

const pageSize = 512;

/**
 * All entries of a stream from `fromSeq`, opened strictly.
 * @throws {Fault} for an entry that is not what this version could have written.
 */
export async function* entriesOf(
  store: LedgerStore,
  stream: string,
  fromSeq = 0,
): AsyncGenerator<SealedEntry, void, undefined> {
  let next = fromSeq;
  for (;;) {
    const page = await store.read(stream, next, pageSize);
    for (const stored of page) yield openEntry(stored);
    next += page.length;
    if (page.length < pageSize) return;
  }
}
