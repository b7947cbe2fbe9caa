import {
  brokenSwitch,
  concerns,
  type Bearing,
  type Halt,
  type Switched,
} from '@chancery/kernel/control';
import type { LedgerStore } from '@chancery/kernel/ledger';

/**
 * A kill switch of this host, outside the ledger: whoever may write to the host can set it, without
 * a key. It only takes away. What it says is an outside fact, which enters the ledger with what it
 * stopped.
 */
export interface HostSwitch {
  /** What it takes away now, read anew; undefined where nobody has set it. Never throws. */
  readonly read: () => Switched | undefined;
  /** Calls when it was set, changed or removed, until the answer is called. */
  readonly watch: (changed: () => void) => () => void;
}

type Runs = Pick<LedgerStore, 'streams'>;

/**
 * What a switch takes away in this ledger. A run is named by its id or the first letters of it; a
 * name of none or of several kills everything, since whoever wrote it meant to stop something.
 */
export async function switchIn(store: Runs, set: Switched): Promise<Switched> {
  if (set.scope !== 'run') return set;
  const named = await store.streams(`run:${set.run}`);
  const runs = named.map(({ stream }) => stream.slice('run:'.length));
  const run = runs.includes(set.run) ? set.run : runs[0];
  if (run === undefined) return brokenSwitch(`no run begins with ${set.run}`);
  if (run !== set.run && runs.length > 1) {
    return brokenSwitch(`${runs.length} runs begin with ${set.run}`);
  }
  return { ...set, run };
}

/** The halts of a run with what the host's switch adds to them: the same value where that is nothing. */
export async function withSwitch(
  halts: readonly Halt[],
  host: HostSwitch,
  { store, bearing }: { readonly store: Runs; readonly bearing: Bearing },
): Promise<readonly Halt[]> {
  const read = host.read();
  const set = read && (await switchIn(store, read));
  if (set === undefined || !concerns(set, bearing)) return halts;
  const { scope, mode, reason } = set;
  return [...halts, { scope, mode, reason, source: 'switch-file' }];
}
