import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger, type SharedLedger } from '@chancery/adapters/owner-socket';
import { openSqliteStore, readSqliteStore } from '@chancery/adapters/store-sqlite';
import { checkBatch } from '@chancery/kernel/ledger';

/** Opens the ledger of a folder as the command line does: SQLite, shared by an owner. */
export async function openShared(folder: string, patienceMs = 20_000): Promise<SharedLedger> {
  const path = join(folder, 'ledger.db');
  return openLedger({
    folder,
    check: (batch) => checkBatch(batch),
    openOwned: () => openSqliteStore({ path, create: true }),
    openRead: () => readSqliteStore(path),
    patienceMs,
  });
}

/** Text of a program that has opened the ledger of the folder as `ledger`, and then does `body`. */
export function programIn(folder: string, body: string): string {
  return `
import { openShared } from '${import.meta.url}';
import * as suite from '@chancery/testkit/store-suite';
const ledger = await openShared(${JSON.stringify(folder)});
${body}`;
}

export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'owner-'));
}

export function dropFolder(folder: string): void {
  rmSync(folder, { recursive: true });
}
