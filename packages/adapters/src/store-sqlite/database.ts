import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { refusal, RefusalError, type RefusalCode } from '@chancery/kernel/refusal';
import { corrupt, guarded, unreachable } from './failure.ts';
import { applicationId, formatVersion, schema, schemas, upgrade } from './schema.ts';

export interface DatabaseOptions {
  readonly readOnly: boolean;
  /** Found a new ledger where there is none. */
  readonly create: boolean;
}

/** How long SQLite waits for a lock that another process holds for a moment. */
const lockTimeoutMs = 2_000;

/**
 * Of the 16 MiB (4,000 pages) that the WAL grows to before it is copied into the database, pages
 * that are written over and over are copied once; it is then reused, so that an append writes over
 * blocks that the file has already and its barrier has no file size to make durable.
 * What is pruned is written over with zeros (`secure_delete`). `fullfsync` asks for a true barrier on macOS and means nothing elsewhere.
 */
const writerPragmas = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA fullfsync = ON;
PRAGMA checkpoint_fullfsync = ON;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -16384;
PRAGMA secure_delete = ON;
`;

/** Opens the database of a ledger, or founds it. Throws `RefusalError`s as `LedgerStore` says. */
export function openDatabase(path: string, options: DatabaseOptions): DatabaseSync {
  prepareFile(path, options);
  const database = guarded(
    () => new DatabaseSync(path, { readOnly: options.readOnly, timeout: lockTimeoutMs }),
  );
  try {
    guarded(() => prepareTables(database, options));
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function refuse(code: RefusalCode, message: string): never {
  throw new RefusalError(refusal(code, message));
}

/** Makes the file before SQLite does: SQLite gives its WAL and index the mode of the database. */
function prepareFile(path: string, { readOnly, create }: DatabaseOptions): void {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder?.isDirectory() !== true) {
    refuse('ledger.unreachable', `there is no folder ${dirname(path)}`);
  }
  const file = statSync(path, { throwIfNoEntry: false });
  if (file !== undefined && !file.isFile()) refuse('ledger.corrupt', `${path} is not a file`);
  if (file === undefined && (readOnly || !create)) {
    refuse('ledger.missing', `there is no ledger at ${path}`);
  }
  if (readOnly) return;
  try {
    if (file === undefined) closeSync(openSync(path, 'a', 0o600));
    else if ((file.mode & 0o077) !== 0) chmodSync(path, 0o600);
  } catch (error) {
    throw unreachable(error);
  }
}

function prepareTables(database: DatabaseSync, { readOnly, create }: DatabaseOptions): void {
  if (isEmpty(database)) {
    if (readOnly || !create) refuse('ledger.missing', 'the file holds no ledger yet');
    database.exec(writerPragmas);
    found(database);
  } else {
    const version = checkFormat(database);
    if (readOnly) return;
    database.exec(writerPragmas);
    if (version < formatVersion) database.exec(upgrade);
  }
}

/** A file of no bytes, or one whose founding was cut short: it is one transaction. */
function isEmpty(database: DatabaseSync): boolean {
  return (
    pragma(database, 'application_id') === 0 &&
    pragma(database, 'user_version') === 0 &&
    objects(database).length === 0
  );
}

function found(database: DatabaseSync): void {
  database.exec(`BEGIN IMMEDIATE;
${schema.join(';\n')};
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${formatVersion};
COMMIT`);
}

/** The format of the database, all of whose objects are there. */
function checkFormat(database: DatabaseSync): number {
  if (pragma(database, 'application_id') !== applicationId) {
    throw corrupt('the file is a database of another program');
  }
  const version = pragma(database, 'user_version');
  if (version > formatVersion) {
    refuse('ledger.newer', `the file has format ${version}, this version reads ${formatVersion}`);
  }
  const expected = [...(schemas[version] ?? [])].sort();
  if (objects(database).join('\n') !== expected.join('\n')) {
    throw corrupt('tables or triggers of the ledger are missing or changed');
  }
  return version;
}

function objects(database: DatabaseSync): string[] {
  const rows = database.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
  return rows.map(({ sql }) => String(sql)).sort();
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
