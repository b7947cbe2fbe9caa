import { openEntry } from '@chancery/kernel/ledger';
import type { House } from './house.ts';

/**
 * Removes the files of runs that a killed process left behind: those that were never recorded, and
 * those that had ended. A run that another process is about to begin holds its lock, and is left.
 */
export async function sweep(house: House): Promise<void> {
  for (const run of await house.workspaces.present()) {
    const lock = await house.locks.acquire(run);
    if (!lock.ok) continue;
    try {
      if (await isOver(house, run)) await house.workspaces.discard(run);
    } finally {
      await lock.value();
    }
  }
}

async function isOver({ store }: House, run: string): Promise<boolean> {
  const stream = `run:${run}`;
  const head = await store.head(stream);
  if (head === null) return true;
  const [last] = await store.read(stream, head.seq, 1);
  return last !== undefined && openEntry(last).entry.kind === 'run.finished';
}
