import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { LedgerStore, SealedBatch } from '@chancery/kernel/ledger';
import { contentsOf } from './history.ts';
import type { StoreScenario } from './job.ts';
import { loudness } from './loudness.ts';
import type { Scenario } from './store-trial.ts';

/** Batches that are appended in one turn of the event loop once the first have been alone. */
const groupSize = 4;

/** What has become of a history so far. */
class Progress {
  acknowledged: number;
  readonly refused: string[] = [];
  readonly wrong: string[] = [];
  readonly #onRefused: () => void;

  constructor(present: number, onRefused: () => void) {
    this.acknowledged = present;
    this.#onRefused = onRefused;
  }

  giveUp(): void {
    this.#onRefused();
  }

  /** What it gives; undefined when it was refused, which is noted. */
  async attempt<T>(act: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      this.refused.push(loudness(error));
      return undefined;
    }
  }

  /** Appends batches in one turn; whether all of them are acknowledged. */
  async append(store: LedgerStore, batches: readonly SealedBatch[]): Promise<boolean> {
    const outcomes = await Promise.allSettled(batches.map((batch) => store.append(batch)));
    let isWhole = true;
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') this.refused.push(loudness(outcome.reason));
      else if (outcome.value.kind === 'conflict' && isWhole) this.wrong.push('a conflict');
      else if (outcome.value.kind === 'appended') {
        if (!isWhole) this.wrong.push('acknowledged after one that was refused');
        this.acknowledged += 1;
        continue;
      }
      isWhole = false;
    }
    return isWhole;
  }
}

/**
 * Founds a ledger, writes a part of the history, copies the log into the database while the store
 * is open, writes on, closes, opens again, reads, and writes the rest. What is refused is tried once
 * more; then the scenario ends there.
 */
const onCallingThread: Scenario = {
  prepare: async () => 0,
  play: async (path, { history: { batches } }, onRefused) => {
    const progress = new Progress(0, onRefused);
    const groups = inGroups(batches);
    const half = Math.floor(groups.length / 2);
    const isHalf = await inStore(path, progress, async (store) => {
      if (!(await writeGroups(store, groups.slice(0, 3), progress))) return false;
      copyLog(path, progress);
      return writeGroups(store, groups.slice(3, half), progress);
    });
    if (isHalf) await readAndWrite(path, batches, progress);
    return progress;
  },
};

/** Takes up a ledger whose writer was killed: its log is as it left it. */
const afterKill: Scenario = {
  prepare: async (path, { batches }, disk) => {
    const half = Math.floor(batches.length / 2);
    const store = openSqliteStore({ path, create: true });
    for (const batch of batches.slice(0, half)) await store.append(batch);
    disk.die();
    await store.close();
    disk.calm();
    return half;
  },
  play: async (path, { history: { batches }, present }, onRefused) => {
    const progress = new Progress(present, onRefused);
    await readAndWrite(path, batches, progress);
    return progress;
  },
};

/** In each of them a store writes what a run has recorded. */
export const scenarios: Readonly<Record<StoreScenario, Scenario>> = {
  'calling-thread': onCallingThread,
  'after-kill': afterKill,
};

/** Opens the store, reads what is there and writes the rest. */
async function readAndWrite(
  path: string,
  batches: readonly SealedBatch[],
  progress: Progress,
): Promise<void> {
  await inStore(path, progress, async (store) => {
    await progress.attempt(() => readBack(store, batches, progress));
    const rest = batches.slice(progress.acknowledged);
    return writeGroups(store, inGroups(rest), progress);
  });
}

export function inGroups(batches: readonly SealedBatch[]): readonly (readonly SealedBatch[])[] {
  const alone = batches.slice(0, groupSize).map((batch) => [batch]);
  const rest = batches.slice(groupSize);
  const count = Math.ceil(rest.length / groupSize);
  const grouped = Array.from({ length: count }, (_, index) =>
    rest.slice(index * groupSize, (index + 1) * groupSize),
  );
  return [...alone, ...grouped];
}

/** Opens a store, uses and closes it; whether all of that went well. */
async function inStore(
  path: string,
  progress: Progress,
  use: (store: LedgerStore) => Promise<boolean>,
): Promise<boolean> {
  const store = await progress.attempt(() => openSqliteStore({ path, create: true }));
  if (store === undefined) return false;
  const isWell = await progress.attempt(() => use(store));
  if (isWell !== true) progress.giveUp();
  const closed = await progress.attempt(async () => {
    await store.close();
    return true;
  });
  return isWell === true && closed === true;
}

async function writeGroups(
  store: LedgerStore,
  groups: readonly (readonly SealedBatch[])[],
  progress: Progress,
): Promise<boolean> {
  for (const group of groups) {
    const before = progress.acknowledged;
    if (await progress.append(store, group)) continue;
    // Where the disk was full for a moment, say, the same store may write again.
    const left = group.slice(progress.acknowledged - before);
    if (!(await progress.append(store, left))) return false;
  }
  return true;
}

/** A connection beside the store copies the log into the database, and begins it anew. */
export function copyLog(path: string, progress: Pick<Progress, 'refused'>): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA wal_checkpoint(RESTART)');
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error)) throw error;
    progress.refused.push('copy');
  } finally {
    database?.close();
  }
}

async function readBack(
  store: LedgerStore,
  batches: readonly SealedBatch[],
  progress: Progress,
): Promise<void> {
  const there = batches.slice(0, progress.acknowledged);
  const texts = there.flatMap(({ entries }) => entries.map(({ text }) => text));
  const stored = await store.readAll(0, texts.length + 1);
  if (
    !isDeepStrictEqual(
      stored.map(({ text }) => text),
      texts,
    )
  )
    progress.wrong.push('read wrong');
  for (const { digest, bytes } of contentsOf(there).kept) {
    if (!isDeepStrictEqual(await store.blob(digest), bytes)) progress.wrong.push('a blob is wrong');
  }
}
