import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { done, refusal, RefusalError, refused, type Result } from '@chancery/kernel/refusal';
import type { RunLocks } from '@chancery/runtime/drive';

/** SQLite's answer when another holds the lock. */
const busy = 5;
const runForm = /^[0-9a-z]{1,64}$/;

/** How long to wait for the guard, which is held for a few system calls at a time. */
const guardMs = 10_000;

/** A database that nobody refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Locks in a folder, one empty database a run, held by an exclusive transaction that never ends: the
 * operating system's lock on the file goes with the process however that ends, so none is stale.
 *
 * Whoever lets go removes the file. That alone would let two hold one run: one that has opened the
 * file before it is removed, and one that makes it anew. So a file is opened and locked, or removed
 * and let go, only by whoever has the guard, a lock of the same kind that stays: nobody ever has a
 * file open without its lock when it is removed. A killed process leaves its file; the next to let
 * go of that run removes it.
 */
export function folderLocks(folder: string): RunLocks {
  return { acquire: async (run) => acquire(folder, run) };
}

function acquire(folder: string, run: string): Result<() => Promise<void>> {
  if (!runForm.test(run)) return refused('run.unknown', `${JSON.stringify(run)} is no run's id`);
  const file = join(folder, `${run}.db`);
  const lock = reaching(run, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return guarded(folder, () => lockOn(file, 0));
  });
  if (lock === undefined) return refused('run.driven', `another process drives the run ${run}`);
  held.add(lock);
  return done(async () => {
    if (held.delete(lock)) reaching(run, () => letGo(folder, file, lock));
  });
}

/** The run is free for others in any case, its file gone or not. */
function letGo(folder: string, file: string, lock: DatabaseSync): void {
  try {
    guarded(folder, () => {
      rmSync(file, { force: true });
      lock.close();
    });
  } finally {
    if (lock.isOpen) lock.close();
  }
}

function guarded<T>(folder: string, work: () => T): T {
  const guard = lockOn(join(folder, '.guard.db'), guardMs);
  if (guard === undefined) throw new Error('another process keeps the guard of the locks');
  try {
    return work();
  } finally {
    guard.close();
  }
}

/** Undefined when another holds it, for all of `timeoutMs`. */
function lockOn(file: string, timeoutMs: number): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: timeoutMs });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    throw error;
  }
}

/** @throws {RefusalError} `ledger.unreachable` where the folder or a file of it does not serve. */
function reaching<T>(run: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusalError(refusal('ledger.unreachable', `cannot lock the run ${run}: ${why}`));
  }
}
