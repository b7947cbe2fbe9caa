import { readEntry, type Head, type LedgerStore, type SealedEntry } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { ledgerHead, ledgerId } from './batches.ts';

const pageSize = 1_000;

/** All entries of a ledger, in order of position. */
export async function readHistory(store: LedgerStore): Promise<SealedEntry[]> {
  const history: SealedEntry[] = [];
  for (;;) {
    const page = await store.readAll(history.length, pageSize);
    for (const stored of page) {
      const read = readEntry(stored);
      if (!read.ok) throw new RefusalError(read.refusal);
      if (stored.position !== history.length) throw new Error(`a gap before ${stored.position}`);
      history.push(read.value);
    }
    if (page.length < pageSize) return history;
  }
}

/** What is wrong with a history, in words: broken chains, and batches that are not whole. */
export function flawsOf(history: readonly SealedEntry[]): string[] {
  const flaws: string[] = [];
  const heads = new Map<string, Head>([['ledger', ledgerHead]]);
  const sizes = new Map<string, { readonly size: number; seen: number }>();
  for (const { entry, digest } of history.slice(1)) {
    const { stream, seq, prev, batch } = entry;
    const head = heads.get(stream) ?? { seq: -1, digest: ledgerId };
    if (seq !== head.seq + 1 || prev !== head.digest) flaws.push(`${stream}/${seq} is not linked`);
    heads.set(stream, { seq, digest });
    const marked = sizes.get(batch.id) ?? { size: batch.size, seen: 0 };
    if (batch.index !== marked.seen) flaws.push(`batch ${batch.id} is out of order`);
    marked.seen += 1;
    sizes.set(batch.id, marked);
  }
  for (const [id, { size, seen }] of sizes) {
    if (size !== seen) flaws.push(`of batch ${id}, ${seen} of ${size} entries are there`);
  }
  return flaws;
}
