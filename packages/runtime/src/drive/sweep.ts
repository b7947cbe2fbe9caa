import { openEntry } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import type { House } from './house.ts';

/**
 * Removes the files of runs that a killed process left behind: those that were never recorded, and
 * those that had ended. A run that another process is about to begin holds its lock, and is left; so
 * is one whose repository does not let go of it now.
 */
export async function sweep(house: House): Promise<void> {
  for (const run of await house.workspaces.present()) {
    const lock = await house.locks.acquire(run);
    if (!lock.ok) continue;
    try {
      if (await isOver(house, run)) await removeOrLeave(() => house.workspaces.discard(run));
    } finally {
      await lock.value();
    }
  }
}

/** Removes the files of a run; where its repository refuses that, they are there for the next sweep. */
export async function removeOrLeave(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
  }
}

async function isOver({ store }: House, run: string): Promise<boolean> {
  const stream = `run:${run}`;
  const head = await store.head(stream);
  if (head === null) return true;
  const [last] = await store.read(stream, head.seq, 1);
  return last !== undefined && openEntry(last).entry.kind === 'run.finished';
}
