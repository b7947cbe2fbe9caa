import type { House } from '@chancery/runtime/drive';
import { Journal } from '@chancery/runtime/journal';
import {
  RunSnapshots,
  snapshotEveryEntries,
  type KeepingOptions,
} from '@chancery/runtime/snapshots';
import { tellRefused } from './refused-snapshots.ts';
import type { Session } from '../session.ts';

/**
 * Takes snapshots of a run while the work on it goes on and tells how far the run has grown. What
 * keeps one from being taken is told, and is no failure of the work: a run without snapshots is
 * folded from its first entry.
 */
export async function withSnapshots<T>(
  { terminal }: Session,
  { store, ledger, clock, actor: signer }: House,
  run: string,
  work: (grown: (seq: number) => void) => Promise<T>,
): Promise<T> {
  const journal = new Journal({ store, ledger, by: signer.id, clock });
  const options: KeepingOptions = {
    ...{ journal, ledger, signer },
    everyEntries: snapshotEveryEntries,
    onNotTaken: ({ code, message, remedy }) => {
      terminal.note(`no snapshot of ${run} was taken (${code}): ${message}. ${remedy}`);
    },
    onPassedOver: (refused) => {
      tellRefused(terminal, run, refused);
    },
  };
  const snapshots = await RunSnapshots.of(options, `run:${run}`);
  try {
    return await work(snapshots.grown);
  } finally {
    await snapshots.settled();
  }
}
