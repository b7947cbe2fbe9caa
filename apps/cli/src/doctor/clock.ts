import { openEntry, type LedgerStore } from '@chancery/kernel/ledger';
import { duration, instant } from '../terminal/amounts.ts';

/** Less is how far the clocks of machines are apart that keep one ledger. */
const tolerableMs = 60_000;

/**
 * What the last entry of any stream tells of the clock; undefined where none is dated after `nowMs`.
 * Either this clock is behind, or one that wrote to the ledger was ahead.
 */
export async function clockProblem(store: LedgerStore, nowMs: number): Promise<string | undefined> {
  let latest = { at: 0, stream: '' };
  for (const { stream, head } of await store.streams('')) {
    const [last] = await store.read(stream, head.seq, 1);
    const at = last === undefined ? 0 : openEntry(last).entry.at;
    if (at > latest.at) latest = { at, stream };
  }
  const ahead = latest.at - nowMs;
  if (ahead <= tolerableMs) return undefined;
  return `it is ${instant(nowMs)}, and an entry of ${latest.stream} is dated ${instant(latest.at)}, ${duration(ahead)} later`;
}
