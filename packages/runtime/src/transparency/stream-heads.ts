import { leafDigest } from '@chancery/kernel/encoding';
import type { LedgerStore, StoredEntry, StreamHead } from '@chancery/kernel/ledger';
import { emptyHeadsMap, withHeads, type HeadsMap } from '@chancery/kernel/tree';

const pageSize = 1_000;

/** Heads of all streams as they stood when the ledger had `size` entries. */
export async function headsAt(store: LedgerStore, size: number): Promise<HeadsMap> {
  const present = await store.streams('');
  const later = await firstSeqsFrom(store, size);
  const heads: StreamHead[] = [];
  for (const { stream, head } of present) {
    const next = later.get(stream);
    if (next === undefined) heads.push({ stream, head });
    else if (next > 0) heads.push(...headsOf(await store.read(stream, next - 1, 1)));
  }
  return withHeads(emptyHeadsMap, heads);
}

/** The first entry of each stream that stands at a position or behind it. */
async function firstSeqsFrom(store: LedgerStore, position: number): Promise<Map<string, number>> {
  const first = new Map<string, number>();
  for (let next = position; ;) {
    const page = await store.readAll(next, pageSize);
    for (const { stream, seq } of page) if (!first.has(stream)) first.set(stream, seq);
    next += page.length;
    if (page.length < pageSize) return first;
  }
}

/** The last head of each stream in entries that follow each other. */
export function headsOf(entries: readonly StoredEntry[]): StreamHead[] {
  const last = new Map(entries.map((entry) => [entry.stream, entry]));
  return [...last.values()].map(({ stream, seq, text }) => ({
    stream,
    head: { seq, digest: leafDigest(text) },
  }));
}
