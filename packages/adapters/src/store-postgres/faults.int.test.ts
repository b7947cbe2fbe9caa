import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RefusalError } from '@chancery/kernel/refusal';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { flawsOf, genesis, headAfter, readHistory, turns } from '@chancery/testkit/store-suite';
import { migratePostgres } from './migrate.ts';
import { postgresRunLocks } from './run-locks.ts';
import { openPostgresStore } from './store.ts';
import { postgresTreeLease } from './tree-lease.ts';

let server: PostgresServer | undefined;
/** Another session at the server, which does what stands in the way. */
let other: Client;
/** One that is in no transaction, within which it would see the sessions of its beginning. */
let watcher: Client;
const toClose: LedgerStore[] = [];

beforeAll(async () => {
  server = await startPostgres();
  await migratePostgres({ url: url() });
  other = new Client({ connectionString: url() });
  watcher = new Client({ connectionString: url() });
  await Promise.all([other.connect(), watcher.connect()]);
});

afterAll(async () => {
  await Promise.all([other.end(), watcher.end()]);
  await server?.dispose();
});

afterEach(async () => {
  for (const store of toClose.splice(0)) await store.close();
});

function url(settings: Readonly<Record<string, string>> = {}): string {
  if (server === undefined) throw new Error('there is no PostgreSQL to test with');
  const address = new URL(server.url);
  for (const [name, value] of Object.entries(settings)) address.searchParams.set(name, value);
  return address.href;
}

async function open(ledger: string, address = url()): Promise<LedgerStore> {
  const store = await openPostgresStore({ url: address, ledger, create: true });
  toClose.push(store);
  return store;
}

async function told(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RefusalError) return `${error.refusal.code}: ${error.refusal.message}`;
    throw error;
  }
  return 'not refused';
}

/** Holds the ledger's row, as another writer that does not commit. */
async function holdRow(ledger: string): Promise<void> {
  await other.query('BEGIN');
  await other.query('SELECT 1 FROM chancery.ledgers WHERE name = $1 FOR UPDATE', [ledger]);
}

/** Ends the sessions that a condition on `pg_stat_activity` finds, as soon as it finds some. */
async function terminate(condition: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await watcher.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${condition}`,
        );
        return rows.length;
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThan(0);
}

const waiting = "application_name LIKE 'chancery %' AND wait_event_type = 'Lock'";

describe('an append', () => {
  it('that waits too long for a lock is busy, writes nothing, and may be tried again', async () => {
    const ledger = randomUUID();
    const store = await open(ledger, url({ lock_timeout: '200' }));
    await store.append(genesis);
    const batch = turns('run:a', null, 2);
    await holdRow(ledger);
    expect(await told(store.append(batch))).toBe(
      'ledger.busy: PostgreSQL: canceling statement due to lock timeout',
    );
    await other.query('ROLLBACK');
    expect(await store.head('run:a')).toBeNull();
    expect(await store.append(batch)).toEqual({ kind: 'appended', position: 1 });
  });

  it('whose statement takes too long is busy, writes nothing, and may be tried again', async () => {
    const ledger = randomUUID();
    const store = await open(ledger, url({ statement_timeout: '200' }));
    await store.append(genesis);
    await other.query(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(20); RETURN NEW; END $$`);
    await other.query(`CREATE TRIGGER slow BEFORE INSERT ON chancery.entries
      FOR EACH ROW EXECUTE FUNCTION slow()`);
    const batch = turns('run:a', null, 2);
    const answer = await told(store.append(batch));
    await other.query('DROP TRIGGER slow ON chancery.entries');
    await other.query('DROP FUNCTION slow()');
    expect(answer).toBe('ledger.busy: PostgreSQL: canceling statement due to statement timeout');
    expect(await store.head('run:a')).toBeNull();
    expect(await store.append(batch)).toEqual({ kind: 'appended', position: 1 });
  });

  it('whose session is ended by the server is refused, not written later, and not sent again', async () => {
    const ledger = randomUUID();
    const store = await open(ledger);
    await store.append(genesis);
    const batch = turns('run:a', null, 2);
    await holdRow(ledger);
    const answer = told(store.append(batch));
    await terminate(waiting);
    expect(await answer).toBe(
      'ledger.unreachable: the connection was lost before anything was written',
    );
    await other.query('ROLLBACK');
    expect(await store.head('run:a')).toBeNull();
    expect(await store.append(batch)).toEqual({ kind: 'appended', position: 1 });
    expect(await store.append(turns('run:a', headAfter(batch, 'run:a'), 1))).toMatchObject({
      position: 3,
    });
    expect(flawsOf(await readHistory(store))).toEqual([]);
  });
});

describe('a listener', () => {
  it('whose connection is ended listens anew, and misses nothing of what came meanwhile', async () => {
    const ledger = randomUUID();
    const [writer, listener] = [await open(ledger), await open(ledger)];
    await writer.append(genesis);
    let seen = 0;
    listener.subscribe(() => {
      void listener.readAll(0, 100).then(({ length }) => (seen = Math.max(seen, length)));
    });
    const see = async (count: number): Promise<void> =>
      expect.poll(() => seen, { timeout: 20_000 }).toBe(count);
    await see(1);
    let head = null;
    for (let round = 0; round < 2; round += 1) {
      await terminate("application_name = 'chancery listener'");
      const batch = turns('run:a', head, 1);
      await writer.append(batch);
      head = headAfter(batch, 'run:a');
      await see(2 + round);
    }
  });
});

describe('the lock of a run', () => {
  it('goes with its connection, and with nothing else', async () => {
    const options = { url: url(), ledger: randomUUID() };
    const [one, two] = [postgresRunLocks(options), postgresRunLocks(options)];
    const held = await one.acquire('a1');
    expect(await two.acquire('a1')).toMatchObject({ refusal: { code: 'run.driven' } });
    const ofAnother = postgresRunLocks({ ...options, ledger: randomUUID() });
    for (const free of [await two.acquire('b2'), await ofAnother.acquire('a1')]) {
      if (!free.ok) throw new Error(free.refusal.message);
      await free.value();
    }
    await terminate("application_name = 'chancery driver'");
    await expect.poll(async () => (await two.acquire('a1')).ok, { timeout: 10_000 }).toBe(true);
    if (held.ok) await held.value();
    await terminate("application_name = 'chancery driver'");
  });

  it('is free at once when it is let go', async () => {
    const locks = postgresRunLocks({ url: url(), ledger: randomUUID() });
    for (let round = 0; round < 10; round += 1) {
      const lock = await locks.acquire('a1');
      expect(lock).toMatchObject({ ok: true });
      if (lock.ok) await lock.value();
    }
  });
});

describe('the lease of a tree', () => {
  it('is one for each ledger of a database, and free at once when it is let go', async () => {
    const ledger = randomUUID();
    const [one, two] = [0, 1].map(() => postgresTreeLease({ url: url(), ledger }));
    const another = postgresTreeLease({ url: url(), ledger: randomUUID() });
    for (let round = 0; round < 5; round += 1) {
      const held = await one?.acquire();
      expect([await held?.isHeld(), await two?.acquire()]).toEqual([true, undefined]);
      const theirs = await another.acquire();
      expect(await theirs?.isHeld()).toBe(true);
      await theirs?.release();
      expect(await held?.isHeld()).toBe(true);
      await held?.release();
      const next = await two?.acquire();
      expect(await next?.isHeld()).toBe(true);
      await next?.release();
    }
  });

  it('is lost with its connection, and who had it is told when it asks', async () => {
    const lease = postgresTreeLease({ url: url(), ledger: randomUUID() });
    const held = await lease.acquire();
    await terminate("application_name = 'chancery leader'");
    expect(await held?.isHeld()).toBe(false);
    const next = await lease.acquire();
    expect([await next?.isHeld(), await held?.isHeld()]).toEqual([true, false]);
    await held?.release();
    expect(await next?.isHeld()).toBe(true);
    await next?.release();
  });
});

describe('whatever else asks the database', () => {
  it('is refused when its session is ended, and the process goes on', async () => {
    await other.query('BEGIN');
    await other.query('SELECT pg_advisory_xact_lock($1)', [0x43484e43]);
    const answer = told(migratePostgres({ url: url() }));
    await terminate("wait_event_type = 'Lock' AND query LIKE '%pg_advisory_xact_lock%'");
    expect(await answer).toMatch(/^ledger\.unreachable: PostgreSQL: /);
    await other.query('ROLLBACK');
    await migratePostgres({ url: url() });
  });
});
