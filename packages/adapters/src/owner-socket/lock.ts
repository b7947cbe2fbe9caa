import { DatabaseSync } from 'node:sqlite';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

/** Held by at most one process at a time, and by none that is dead. */
export interface OwnerLock {
  release(): void;
}

const busy = 5;

/** A database that nobody holds is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock, or tells at once that another has it (undefined). It is the operating system's
 * lock on a database of its own that stays empty, in an exclusive transaction that never ends:
 * it goes with the process however that ends, so that no lock is ever stale. The file must be
 * opened in no other way: closing any descriptor of it would drop the lock (POSIX).
 * @throws {RefusalError} `ledger.unreachable` when the file cannot be locked at all.
 */
export function takeLock(path: string): OwnerLock | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusalError(refusal('ledger.unreachable', `cannot lock ${path}: ${why}`));
  }
  const lock = database;
  held.add(lock);
  return {
    release: () => {
      held.delete(lock);
      lock.close();
    },
  };
}
