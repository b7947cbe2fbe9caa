import type { Digest } from '@chancery/kernel/encoding';
import type { Head, LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import { entriesOf } from '../journal/index.ts';

/** A state that follows one stream of the ledger. */
export interface FoldedStream<S> {
  readonly stream: string;
  /** State and head of the same moment, read on from where it was before. */
  read(): Promise<{ readonly state: S; readonly head: Head | null }>;
}

export interface Following<S> {
  readonly store: LedgerStore;
  readonly ledger: Digest;
  readonly stream: string;
  readonly initial: S;
  readonly evolve: (state: S, sealed: SealedEntry) => S | Promise<S>;
}

/** Follows a stream: only entries that are new since the last read are opened. */
export function foldedStream<S>(following: Following<S>): FoldedStream<S> {
  const { store, ledger, stream, evolve } = following;
  let state = following.initial;
  let head: Head | null = null;
  const next = (): number => (head === null ? 0 : head.seq + 1);
  return {
    stream,
    async read() {
      const present = await store.head(stream);
      if (present !== null && present.seq >= next()) {
        for await (const sealed of entriesOf(store, stream, { after: head, ledger })) {
          // Another read that was going on at the same time may have folded it already.
          if (sealed.entry.seq !== next()) continue;
          const evolved = await evolve(state, sealed);
          if (sealed.entry.seq !== next()) continue;
          state = evolved;
          head = { seq: sealed.entry.seq, digest: sealed.digest };
        }
      }
      return { state, head };
    },
  };
}
