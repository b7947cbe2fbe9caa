import { statSync } from 'node:fs';
import type { Digest } from '@chancery/kernel/encoding';
import { openEntry, type LedgerStore } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { readGenesis } from '@chancery/kernel/writ';
import { adopt } from '@chancery/runtime/transparency';
import {
  appendImport,
  verifyImport,
  writeObjects,
  type ImportOutcome,
  type ImportRequest,
  type VerifiedExport,
} from '@chancery/runtime/transfer';
import { snapshotObjectsOf } from '../compose/house.ts';
import { tilesOf } from '../compose/log.ts';
import { migrateDatabase, openLonely, type LonelyLedger } from '../compose/stores.ts';
import { granted, refuse } from '../exit.ts';
import { alone } from './growth.ts';
import { makeHome } from '../home-folder.ts';
import { writeConfig, type Config, type Home } from '../home.ts';
import { logKeys } from './log-keys.ts';

/** Where an export is brought in: the ledger of a home, or one that is made for a home without one. */
export interface Place {
  readonly home: Home;
  /** What is pinned there; undefined where nothing is. */
  readonly config: Config | undefined;
  /** Name of the ledger among those of a database; undefined for the file of the home. */
  readonly database: string | undefined;
}

/**
 * Brings in what an export has beyond the ledger that is there. Nothing is made and nothing written
 * before the whole file is verified; from then on nobody else writes the ledger. Refuses as
 * `verifyImport` and `appendImport`, and `ledger.busy` where another process writes it.
 */
export async function bringIn(
  place: Place,
  request: Omit<ImportRequest, 'store'>,
): Promise<ImportOutcome> {
  const present = await openPresent(place);
  if (present !== undefined) return lent(present, (store) => bringInto(place, request, store));
  const verified = await verifyImport(request);
  return lent(await found(place), async (store) => {
    const isEmpty = (await store.readAll(0, 1)).length === 0;
    if (!isEmpty) return bringInto(place, request, store);
    return append(place, verified, store, request.onProgress);
  });
}

/**
 * The ledger that is there, also one that an import has begun and never pinned; undefined where
 * there is none.
 */
async function openPresent({ home, config, database }: Place): Promise<LonelyLedger | undefined> {
  const isFile = database === undefined;
  if (isFile && config === undefined && sizeOf(home.ledger) === 0) return undefined;
  try {
    return await openLonely(home, { database, create: false });
  } catch (error) {
    const isMissing = error instanceof RefusalError && error.refusal.code === 'ledger.missing';
    if (isMissing && !isFile && config === undefined) return undefined;
    throw error;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** An empty ledger, if nobody was faster. */
async function found({ home, database }: Place): Promise<LonelyLedger> {
  granted(makeHome(home));
  if (database !== undefined) await migrateDatabase(home, undefined);
  return openLonely(home, { database, create: true });
}

async function lent<T>(ledger: LonelyLedger, use: (store: LedgerStore) => Promise<T>): Promise<T> {
  try {
    return await use(ledger.store);
  } finally {
    await ledger.close();
  }
}

async function bringInto(
  place: Place,
  request: Omit<ImportRequest, 'store'>,
  store: LedgerStore,
): Promise<ImportOutcome> {
  const verified = await verifyImport({ ...request, store });
  return append(place, verified, store, request.onProgress);
}

/** Pins the ledger when it is whole, and keeps the checkpoint that came with it. */
async function append(
  { home, config, database }: Place,
  verified: VerifiedExport,
  store: LedgerStore,
  onProgress: ImportRequest['onProgress'],
): Promise<ImportOutcome> {
  if (verified.verdict.manifest.workspaces) {
    granted(makeHome(home));
    await bringObjects(home, verified);
  }
  const outcome = await appendImport(verified, store, onProgress);
  const { ledger, note } = outcome.verdict.manifest;
  if (config === undefined) {
    granted(makeHome(home));
    const name = await nameOf(store);
    writeConfig(home, { ledger, name, ...(database === undefined ? {} : { database }) });
  }
  await keepCheckpoint(home, store, { ledger, note });
  return outcome;
}

async function keepCheckpoint(
  home: Home,
  store: LedgerStore,
  { ledger, note }: { readonly ledger: Digest; readonly note: string },
): Promise<void> {
  const log = { store, ledger, tiles: await tilesOf(home) };
  const keys = await logKeys(store, ledger);
  await alone(home, () => adopt(log, note, keys));
}

/** Before any entry, so that no recorded file is without its content. */
async function bringObjects(home: Home, verified: VerifiedExport): Promise<void> {
  const objects = await snapshotObjectsOf(home);
  try {
    await writeObjects(verified, objects);
  } finally {
    await objects.close();
  }
}

/** What the genesis calls the ledger. */
async function nameOf(store: LedgerStore): Promise<string> {
  const [first] = await store.readAll(0, 1);
  const entry = first === undefined ? undefined : openEntry(first).entry;
  if (entry?.kind !== 'ledger.created') return refuse('ledger.corrupt', 'there is no genesis');
  return granted(readGenesis(entry.body.envelope)).name;
}
