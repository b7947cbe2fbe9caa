import type { Digest } from '@chancery/kernel/encoding';
import { checkBatch, type LedgerStore } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { databaseUrl } from '../database.ts';
import { granted } from '../exit.ts';
import { readConfig, type Home } from '../home.ts';

/** Opens the ledger to read it, whoever else writes it. */
export async function openReader(home: Home): Promise<LedgerStore> {
  const database = databaseOf(home);
  if (database !== undefined) return openInDatabase(home, database);
  const { readSqliteStore } = await import('@chancery/adapters/store-sqlite');
  return readSqliteStore(home.ledger);
}

/** Opens the ledger to write it: as its owner, or through the process that owns it. */
export async function openWriter(home: Home, create = false): Promise<LedgerStore> {
  const database = databaseOf(home);
  if (database !== undefined) return openInDatabase(home, database);
  const { openLedger } = await import('@chancery/adapters/owner-socket');
  const { openSqliteStore, readSqliteStore } = await import('@chancery/adapters/store-sqlite');
  return openLedger({
    folder: home.folder,
    check: checkBatch,
    openOwned: () => openSqliteStore({ path: home.ledger, create }),
    openRead: () => readSqliteStore(home.ledger),
  });
}

/** Name of the home's ledger in its database; undefined for one that is a file. */
export function databaseOf(home: Home): string | undefined {
  const config = readConfig(home);
  return config.ok ? config.value.database : undefined;
}

/** Name of the ledger with this id among those of the home's database. Refuses `ledger.missing`. */
export async function nameInDatabase(home: Home, ledger: Digest): Promise<Result<string>> {
  const { findLedger } = await import('@chancery/adapters/store-postgres');
  const name = await findLedger({ url: granted(databaseUrl(home)) }, ledger);
  if (name !== undefined) return done(name);
  return refused('ledger.missing', `the database has no ledger ${ledger}`, {
    remedy: 'Check the id and the address: `chancery doctor` tells both in a home of the ledger.',
  });
}

/** A database needs no owner: any number of processes and servers write it at once. */
export async function openInDatabase(home: Home, ledger: string): Promise<LedgerStore> {
  const { openPostgresStore } = await import('@chancery/adapters/store-postgres');
  return openPostgresStore({ url: granted(databaseUrl(home)), ledger });
}

/**
 * Brings the tables of the home's database to the format of this version, making them where there
 * are none. An existing `runtimeRole` is granted what it needs.
 */
export async function migrateDatabase(home: Home, runtimeRole: string | undefined): Promise<void> {
  const { migratePostgres } = await import('@chancery/adapters/store-postgres');
  const role = runtimeRole === undefined ? {} : { runtimeRole };
  await migratePostgres({ url: granted(databaseUrl(home)), ...role });
}

/** Opens a ledger of the home's database, making it where there is none of this name. */
export async function openNewDatabase(home: Home, ledger: string): Promise<LedgerStore> {
  const { openPostgresStore } = await import('@chancery/adapters/store-postgres');
  return openPostgresStore({ url: granted(databaseUrl(home)), ledger, create: true });
}

/** A ledger that only this process writes, until it is closed. */
export interface LonelyLedger {
  readonly store: LedgerStore;
  close(): Promise<void>;
}

export interface LonelyRequest {
  /** Its name among the ledgers of the home's database; undefined for the file of the home. */
  readonly database: string | undefined;
  /** Make an empty one where there is none; otherwise that is `ledger.missing`. */
  readonly create: boolean;
}

/** Opens a ledger to write it alone. Refuses `ledger.busy` where another process writes it. */
export async function openLonely(
  home: Home,
  { database, create }: LonelyRequest,
): Promise<LonelyLedger> {
  if (database === undefined) {
    const { openAlone } = await import('@chancery/adapters/owner-socket');
    const { openSqliteStore } = await import('@chancery/adapters/store-sqlite');
    const { folder, ledger: path } = home;
    return openAlone({ folder, openOwned: () => openSqliteStore({ path, create }) });
  }
  const { openPostgresStore } = await import('@chancery/adapters/store-postgres');
  const url = granted(databaseUrl(home));
  const store = await openPostgresStore({ url, ledger: database, create, alone: true });
  return { store, close: () => store.close() };
}

/** A home's database, as it is shown. */
export interface ShownDatabase {
  /** Without its password. */
  readonly address: string;
  readonly server: string;
  readonly role: string;
  readonly isEncrypted: boolean;
  readonly mayChange: boolean;
}

export async function inspectDatabase(home: Home): Promise<ShownDatabase> {
  const { inspectPostgres, shownAddress } = await import('@chancery/adapters/store-postgres');
  const url = granted(databaseUrl(home));
  return { address: shownAddress({ url }), ...(await inspectPostgres({ url })) };
}

/** What the owner of a database's tables says to give a role the rights that runs need. */
export async function databaseGrants(role: string): Promise<readonly string[]> {
  const { runtimeGrants } = await import('@chancery/adapters/store-postgres');
  return runtimeGrants(role).trim().split('\n');
}
