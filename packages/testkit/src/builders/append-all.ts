import type { LedgerStore, SealedEntry } from '@chancery/kernel/ledger';

/** Appends sealed entries to a store, each batch as it was written. */
export async function appendAll(
  store: LedgerStore,
  entries: readonly SealedEntry[],
): Promise<void> {
  for (let from = 0; from < entries.length;) {
    const size = entries[from]?.entry.batch.size ?? 1;
    const batch = entries.slice(from, from + size);
    const streams = [...new Set(batch.map(({ entry }) => entry.stream))];
    const heads = await store.heads(streams);
    const writes = streams.map((stream, index) => ({ stream, head: heads[index] ?? null }));
    const outcome = await store.append({ entries: batch, writes, reads: [], blobs: [] });
    if (outcome.kind === 'conflict') throw new Error(`conflict on ${outcome.conflict.stream}`);
    from += size;
  }
}
