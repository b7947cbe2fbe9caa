import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { done, refusal, RefusalError, refused, type Result } from '@chancery/kernel/refusal';
import { type RunLocks } from '@chancery/runtime/drive';

/** SQLite's answer when another holds the lock. */
const busy = 5;
const runForm = /^[0-9a-z]{1,64}$/;

/** A database that nobody refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Locks in a folder, one empty database a run, held by an exclusive transaction that never ends: the
 * operating system's lock on the file goes with the process however that ends, so none is stale.
 */
export function runLocks(folder: string): RunLocks {
  return { acquire: async (run) => acquire(folder, run) };
}

function acquire(folder: string, run: string): Result<() => Promise<void>> {
  if (!runForm.test(run)) return refused('run.unknown', `${JSON.stringify(run)} is no run's id`);
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    database = new DatabaseSync(join(folder, `${run}.db`), { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) {
      return refused('run.driven', `another process drives the run ${run}`);
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusalError(refusal('ledger.unreachable', `cannot lock the run ${run}: ${why}`));
  }
  const lock = database;
  held.add(lock);
  return done(async () => {
    if (held.delete(lock)) lock.close();
  });
}
