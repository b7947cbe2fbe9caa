import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { guarded, unreachable } from './failure.ts';

/** Whether the writer before left something in the log: it was killed, or failed to close. */
export function hasLog(path: string): boolean {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return log !== undefined && log.size > 0;
}

/**
 * Takes what is left in the log into the database, durably, and begins the log anew. Where a barrier
 * of the writer before has failed, the system may go on showing what was written before it though
 * the disk will never have it: what is shown once must stay, and nothing may stand behind it.
 */
export function emptyLog(database: DatabaseSync, path: string): void {
  const row = guarded(() => database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get());
  if (row?.['busy'] !== 0) {
    const why = 'another process keeps reading the log that the last writer has left';
    throw new RefusalError(refusal('ledger.busy', why));
  }
  // SQLite makes the database durable, and leaves it open whether the log is empty after a power cut.
  try {
    const log = openSync(`${path}-wal`, 'r+');
    try {
      fsyncSync(log);
    } finally {
      closeSync(log);
    }
  } catch (error) {
    throw unreachable(error);
  }
}
