import { fsyncSync, openSync, writeSync } from 'node:fs';
import type { LedgerStore } from '@chancery/kernel/ledger';
import type { Reaper } from './reaper.ts';

/**
 * A store that writes down, durably, what was acknowledged to its caller, before the caller goes on:
 * a line `<stream> <seq> <digest>` for each entry.
 */
export function watchedStore(store: LedgerStore, path: string, reaper: Reaper): LedgerStore {
  const file = openSync(path, 'a');
  return {
    append: async (batch) => {
      reaper.pass('append asked');
      const outcome = await store.append(batch);
      if (outcome.kind === 'conflict') return outcome;
      reaper.pass('append durable');
      for (const { entry, digest } of batch.entries) {
        writeSync(file, `${entry.stream} ${entry.seq} ${digest}\n`);
      }
      fsyncSync(file);
      return outcome;
    },
    head: (stream) => store.head(stream),
    heads: (streams) => store.heads(streams),
    read: (stream, fromSeq, limit) => store.read(stream, fromSeq, limit),
    readAll: (fromPosition, limit) => store.readAll(fromPosition, limit),
    streams: (prefix) => store.streams(prefix),
    blob: (digest) => store.blob(digest),
    subscribe: (listener) => store.subscribe(listener),
    close: () => store.close(),
  };
}
