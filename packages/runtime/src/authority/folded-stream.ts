import { type Head, type LedgerStore, type SealedEntry } from '@chancery/kernel/ledger';
import { entriesOf } from '../journal/index.ts';

/** A state that follows one stream of the ledger. */
export interface FoldedStream<S> {
  readonly stream: string;
  /** State and head of the same moment, read on from where it was before. */
  read(): Promise<{ readonly state: S; readonly head: Head | null }>;
}

/** Follows a stream: only entries that are new since the last read are opened. */
export function foldedStream<S>(
  store: LedgerStore,
  stream: string,
  initial: S,
  evolve: (state: S, sealed: SealedEntry) => S,
): FoldedStream<S> {
  let state = initial;
  let head: Head | null = null;
  const next = (): number => (head === null ? 0 : head.seq + 1);
  return {
    stream,
    async read() {
      const present = await store.head(stream);
      if (present !== null && present.seq >= next()) {
        for await (const sealed of entriesOf(store, stream, next())) {
          // Another read that was going on at the same time may have folded it already.
          if (sealed.entry.seq !== next()) continue;
          state = evolve(state, sealed);
          head = { seq: sealed.entry.seq, digest: sealed.digest };
        }
      }
      return { state, head };
    },
  };
}
