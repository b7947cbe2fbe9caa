import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migratePostgres, openPostgresStore } from '@chancery/adapters/store-postgres';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { runStateDigest } from '@chancery/kernel/replay';
import { foldRunState, snapshotRun } from '@chancery/runtime/snapshots';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { findingsOf } from '../spine/drive.ts';
import { coveredIn, driven } from './driven.ts';

let server: PostgresServer | undefined;
let folder: string;
const open: LedgerStore[] = [];

beforeAll(async () => {
  server = await startPostgres();
  if (server === undefined) throw new Error('there is no PostgreSQL to test with');
  await migratePostgres({ url: server.url });
});

afterAll(() => server?.dispose());

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'snapshots-'));
});

afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

const kinds = {
  SQLite: async () => openSqliteStore({ path: path.join(folder, randomUUID()), create: true }),
  PostgreSQL: () =>
    openPostgresStore({ url: server?.url ?? '', ledger: randomUUID(), create: true }),
} as const;

async function storeOf(kind: keyof typeof kinds): Promise<LedgerStore> {
  const store = await kinds[kind]();
  open.push(store);
  return store;
}

/** A run on such a store that was driven to its end, with the snapshots that were taken of it. */
async function drivenOn(kind: keyof typeof kinds) {
  const scene = await driven({}, await storeOf(kind));
  const end = await scene.goOn();
  await scene.snapshots.settled();
  expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
  return scene;
}

/** Changes a blob in every ledger of the database, as only the owner of the tables can. */
async function alter(digest: string): Promise<void> {
  const client = new Client({ connectionString: server?.url ?? '' });
  await client.connect();
  await client.query("SET session_replication_role = 'replica'");
  const bytes = 'set_byte(bytes, 0, get_byte(bytes, 0) # 1)';
  const { rowCount } = await client.query(
    `UPDATE chancery.blobs SET bytes = ${bytes} WHERE digest = decode($1, 'hex')`,
    [digest],
  );
  await client.end();
  expect(rowCount).toBeGreaterThan(0);
}

describe.each(['SQLite', 'PostgreSQL'] as const)('snapshots in %s', (kind) => {
  it('are taken while a run is driven, and give what all its entries give', async () => {
    const { house, store, run, told } = await drivenOn(kind);
    const covered = await coveredIn(store, run);
    expect(covered.length).toBeGreaterThan(1);
    const [resumed, whole] = [
      await foldRunState(house, run),
      await foldRunState(house, run, { whole: true }),
    ];
    expect(resumed.from?.seq).toBe(covered.at(-1));
    expect(runStateDigest(resumed.state)).toBe(runStateDigest(whole.state));
    expect({ told, findings: await findingsOf(house) }).toEqual({ told: [], findings: [] });
  });
});

it('one run has the same state, and its snapshot the same bytes, in SQLite and in PostgreSQL', async () => {
  const taken = [];
  for (const kind of ['SQLite', 'PostgreSQL'] as const) {
    const scene = await driven({ everyEntries: 1_000_000 }, await storeOf(kind));
    await scene.goOn();
    const { at, state, taken: blob } = await snapshotRun(scene.options, scene.run);
    taken.push({ at, state, blob });
  }
  expect(taken[0]?.blob).toBeDefined();
  expect(taken[1]).toEqual(taken[0]);
});

it('a snapshot that was altered in PostgreSQL is told, passed over, and replaced by the next', async () => {
  const scene = await driven({ everyEntries: 1_000_000 }, await storeOf('PostgreSQL'));
  const { house, run, options } = scene;
  await scene.goOn();
  const last = await snapshotRun(options, run);
  expect(last.taken).toBeDefined();
  await alter(last.taken ?? '');
  const passed = await foldRunState(house, run);
  expect({ from: passed.from, refused: passed.refused }).toMatchObject({
    from: null,
    refused: [{ refusal: { code: 'snapshot.invalid' } }],
  });
  expect(runStateDigest(passed.state)).toBe(last.state);
  const again = await snapshotRun(options, run);
  expect(again).toMatchObject({ at: last.at, state: last.state });
  expect(await foldRunState(house, run)).toMatchObject({ from: last.at, refused: [] });
});
