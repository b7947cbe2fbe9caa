import { statSync } from 'node:fs';
import type { LedgerStore } from '@chancery/kernel/ledger';
import type { SimulatedStream } from '@chancery/runtime/simulation';
import { findRun } from '../runs/reading.ts';

/** What a simulation goes through. */
export interface Sources {
  /** Of the home's own ledger: all runs, or these; undefined where it is not asked about. */
  readonly own: 'all' | readonly string[] | undefined;
  /** Files of exports. */
  readonly exports: readonly string[];
}

/** Names the own ledger, all of it. */
export const ownLedger = 'ledger';

/**
 * What `--over` names: `ledger`, files of exports, and runs of the own ledger. A file goes before a
 * run of its name, which `run:NAME` means in any case. Without any it is the own ledger.
 */
export function sourcesOf(over: readonly string[]): Sources {
  const exports = over.filter((name) => name !== ownLedger && isFile(name));
  const runs = over.filter((name) => name !== ownLedger && !exports.includes(name));
  if (over.includes(ownLedger)) return { own: 'all', exports };
  if (runs.length > 0) return { own: runs, exports };
  return { own: exports.length > 0 ? undefined : 'all', exports };
}

function isFile(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() === true;
}

/** The runs of the own ledger, by name. Refuses `run.unknown`, `run.ambiguous`. */
export async function streamsOf(
  store: LedgerStore,
  own: 'all' | readonly string[],
): Promise<readonly SimulatedStream[]> {
  const named = own === 'all' ? undefined : new Set<string>();
  if (own !== 'all') for (const name of own) named?.add(await findRun(store, name));
  return (await store.streams('run:'))
    .map(({ stream, head }) => ({ run: stream.slice('run:'.length), lastSeq: head.seq }))
    .filter(({ run }) => named?.has(run) !== false);
}
