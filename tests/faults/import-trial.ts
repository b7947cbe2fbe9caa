import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { Digest } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { importLedger } from '@chancery/runtime/transfer';
import { fileOf, growingLedger } from '../ledger/transfer-fixture.ts';
import type { FaultyDisk } from './faulty-disk.ts';
import type { Blow, Trial } from './job.ts';
import { loudness } from './loudness.ts';

/** An export, and the ledger that it is of. */
export interface Exported {
  readonly text: string;
  readonly blobs: ReadonlyMap<Digest, Uint8Array>;
  /** Each entry, in order. */
  readonly entries: readonly string[];
  /** How many entries there are after each of its batches. */
  readonly ends: ReadonlySet<number>;
}

/** An export of a run, whose contents stand outside its entries. */
export async function exportRun(): Promise<Exported> {
  const growing = growingLedger();
  growing.run('a');
  const text = growing.text();
  const store = new MemoryStore();
  await importLedger({ file: fileOf(text), store });
  const stored = await store.readAll(0, mostEntries);
  const batches = growing.on.recorder.entries.map(({ entry }) => entry.batch.id);
  const ends = batches.flatMap((id, index) => (batches[index + 1] === id ? [] : [index + 1]));
  return {
    ...{ text, blobs: growing.blobs, ends: new Set([0, ...ends]) },
    entries: stored.map((each) => each.text),
  };
}

const mostEntries = 10_000;

/**
 * Lets a fault befall an import; then, without faults, looks whether what is there are whole batches
 * from the beginning of the export, and all of it where that was said; imports again, cuts the power,
 * and looks whether it is there in whole.
 */
export async function tryImport(
  exported: Exported,
  disk: FaultyDisk,
  { kind, at, ending }: Blow,
): Promise<Trial> {
  disk.renew();
  const path = join(disk.folder, 'ledger.db');
  disk.arm(kind, at);
  const refused: string[] = [];
  const wrong: string[] = [];
  const isSaid = await importInto(path, exported, refused, () => {
    if (ending === 'killed') disk.die();
  });
  const struck = disk.struck();
  disk.end(ending);
  await inStore(path, async (store) => {
    const there = await entriesIn(store);
    if (isSaid && there !== exported.entries.length) wrong.push('what was imported is gone');
    if (!exported.ends.has(there)) wrong.push('a batch is there in part');
    wrong.push(...(await differences(store, exported, there)));
  });
  const before = refused.length;
  if (!(await importInto(path, exported, refused))) {
    wrong.push(`it does not go on: ${refused.slice(before).join()}`);
  }
  disk.cutPower('nothing');
  await inStore(path, async (store) => {
    wrong.push(...(await differences(store, exported, exported.entries.length)));
  });
  return { refused: refused.slice(0, before), wrong, struck };
}

/** Whether the import says that it is done, and the store closes well. */
async function importInto(
  path: string,
  { text }: Exported,
  refused: string[],
  onRefused: () => void = () => undefined,
): Promise<boolean> {
  const isDone = async (act: () => unknown): Promise<boolean> => {
    try {
      await act();
      return true;
    } catch (error) {
      refused.push(loudness(error));
      return false;
    }
  };
  let store: LedgerStore | undefined;
  if (!(await isDone(() => (store = openSqliteStore({ path, create: true }))))) return false;
  const opened = store;
  if (opened === undefined) return false;
  const isImported = await isDone(() => importLedger({ file: fileOf(text), store: opened }));
  if (!isImported) onRefused();
  const isClosed = await isDone(() => opened.close());
  return isImported && isClosed;
}

async function inStore(path: string, use: (store: LedgerStore) => Promise<void>): Promise<void> {
  const store = openSqliteStore({ path, create: true });
  await use(store);
  await store.close();
}

async function entriesIn(store: LedgerStore): Promise<number> {
  return (await store.readAll(0, mostEntries)).length;
}

/** How the first entries of a store, and contents that they name, differ from those of the export. */
async function differences(
  store: LedgerStore,
  { entries, blobs }: Exported,
  count: number,
): Promise<readonly string[]> {
  const stored = await store.readAll(0, mostEntries);
  const texts = stored.map(({ text }) => text);
  const wrong: string[] = [];
  if (!isDeepStrictEqual(texts, entries.slice(0, count))) wrong.push('other entries');
  for (const [digest, bytes] of blobs) {
    if (!texts.some((text) => text.includes(digest))) continue;
    if (!isDeepStrictEqual(await store.blob(digest), bytes)) wrong.push(`another blob ${digest}`);
  }
  return wrong;
}
