import { concerns, type Bearing, type Halt, type Switched } from '@chancery/kernel/control';

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

/** The halts of a run with what the host's switch adds to them: the same value where that is nothing. */
export function withSwitch(
  halts: readonly Halt[],
  host: HostSwitch | undefined,
  bearing: Bearing,
): readonly Halt[] {
  const set = host?.read();
  if (set === undefined || !concerns(set, bearing)) return halts;
  const { scope, mode, reason } = set;
  return [...halts, { scope, mode, reason, source: 'switch-file' }];
}
