import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesDigest } from '@chancery/kernel/encoding';
import { RefusalError } from '@chancery/kernel/refusal';
import {
  packagedBinaries,
  startPostgres,
  type PostgresServer,
} from '@chancery/testkit/postgres-server';
import { genesis, pruningBatch, turns } from '@chancery/testkit/store-suite';
import { migratePostgres } from './migrate.ts';
import { migrations } from './schema.ts';
import { openPostgresStore } from './store.ts';

/** The server that the package registry gives, where there is one for this machine. */
let server: PostgresServer | undefined;
let owner: Client;
const runtime = `runtime_${randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  server = (await startPostgres(packagedBinaries)) ?? (await startPostgres());
  owner = new Client({ connectionString: url() });
  await owner.connect();
  await owner.query(`CREATE ROLE ${runtime} LOGIN PASSWORD 'secret-of-the-role'`);
  await Promise.all([1, 2, 3].map(() => migratePostgres({ url: url(), runtimeRole: runtime })));
});

afterAll(async () => {
  await owner.end();
  await server?.dispose();
});

function url(user?: string, password = 'secret-of-the-role'): string {
  if (server === undefined) throw new Error('there is no PostgreSQL to test with');
  const address = new URL(server.url);
  if (user !== undefined) [address.username, address.password] = [user, password];
  return address.href;
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RefusalError) return `${error.refusal.code}: ${error.refusal.message}`;
    throw error;
  }
  return 'not refused';
}

describe('the role of the runtime', () => {
  it('appends and reads, and can change nothing but what an entry prunes', async () => {
    const ledger = randomUUID();
    const store = await openPostgresStore({ url: url(runtime), ledger, create: true });
    const bytes = new Uint8Array([1, 2]);
    const blob = { digest: bytesDigest(bytes), bytes, mediaType: 'text/plain' };
    await store.append(genesis);
    await store.append({ ...turns('run:a', null, 1), blobs: [blob] });
    expect(await store.blob(blob.digest)).toEqual(bytes);
    await store.close();
    const client = new Client({ connectionString: url(runtime) });
    await client.connect();
    for (const table of ['entries', 'blobs', 'streams']) {
      for (const change of [
        `DELETE FROM chancery.${table}`,
        `UPDATE chancery.${table} SET ledger = 0`,
        `TRUNCATE chancery.${table}`,
      ]) {
        const mayDelete = table === 'blobs' && change.startsWith('DELETE');
        const answer = mayDelete ? 'append-only' : 'permission denied';
        await expect(client.query(change)).rejects.toThrow(answer);
        await expect(owner.query(change)).rejects.toThrow('append-only');
      }
    }
    await expect(client.query('UPDATE chancery.ledgers SET next_position = 0')).rejects.toThrow(
      'append-only',
    );
    await client.end();
    const pruning = await openPostgresStore({ url: url(runtime), ledger });
    await pruning.append(pruningBatch([blob.digest]));
    expect(await pruning.blob(blob.digest)).toBeUndefined();
    await pruning.close();
  });
});

describe('the end of a ledger', () => {
  it('only moves forward, also for the owner, and no ledger takes the place of another', async () => {
    const ledger = randomUUID();
    const store = await openPostgresStore({ url: url(), ledger, create: true });
    await store.append(genesis);
    await store.close();
    for (const change of [
      ...['next_position = 0', 'next_stream = next_stream - 1'],
      ...["name = name || 'x'", 'id = DEFAULT'],
    ]) {
      const update = owner.query(`UPDATE chancery.ledgers SET ${change} WHERE name = '${ledger}'`);
      await expect(update).rejects.toThrow('append-only');
    }
    await owner.query(`UPDATE chancery.ledgers SET next_position = next_position + 1,
next_stream = next_stream + 1 WHERE name = '${ledger}'`);
    for (const change of ['DELETE FROM chancery.ledgers', 'TRUNCATE chancery.ledgers']) {
      await expect(owner.query(change)).rejects.toThrow('append-only');
    }
  });
});

describe('pruning', () => {
  it('in one ledger lets no blob of another go', async () => {
    const digest = bytesDigest(new Uint8Array([3]));
    const blob = { digest, bytes: new Uint8Array([3]), mediaType: 'text/plain' };
    const names = [randomUUID(), randomUUID()];
    for (const [index, ledger] of names.entries()) {
      const store = await openPostgresStore({ url: url(), ledger, create: true });
      await store.append(genesis);
      await store.append({ ...turns('run:a', null, 1), blobs: [blob] });
      if (index === 0) await store.append(pruningBatch([digest]));
      expect(await store.blob(digest)).toEqual(index === 0 ? undefined : blob.bytes);
      await store.close();
    }
    await expect(
      owner.query('DELETE FROM chancery.blobs WHERE digest = $1', [Buffer.from(digest, 'hex')]),
    ).rejects.toThrow('append-only');
  });
});

describe('tables of the first format', () => {
  it('are not written before they are migrated, and are whole after', async () => {
    await owner.query('CREATE DATABASE earlier');
    const earlier = new URL(url());
    earlier.pathname = '/earlier';
    const client = new Client({ connectionString: earlier.href });
    await client.connect();
    await client.query(`CREATE SCHEMA chancery; ${migrations[0] ?? ''};
CREATE TABLE chancery.migrations (version integer PRIMARY KEY, applied_at timestamptz);
INSERT INTO chancery.migrations (version) VALUES (1)`);
    await client.end();
    const options = { url: earlier.href, ledger: 'a', create: true };
    expect(await refusalOf(openPostgresStore(options))).toMatch(/^ledger\.missing/);
    await migratePostgres({ url: earlier.href });
    const store = await openPostgresStore(options);
    await store.append(genesis);
    await store.append(pruningBatch(['a'.repeat(64)]));
    await store.close();
  });
});

describe('opening', () => {
  it('refuses a ledger that is not there', async () => {
    const refused = await refusalOf(openPostgresStore({ url: url(), ledger: 'nobody' }));
    expect(refused).toBe('ledger.missing: the database has no ledger nobody');
  });

  it('refuses tables of a later version, and so does migration', async () => {
    await owner.query('INSERT INTO chancery.migrations (version) VALUES (99)');
    const newer = 'ledger.newer: the database has format 99, this version writes 3';
    expect(await refusalOf(openPostgresStore({ url: url(), ledger: 'a', create: true }))).toBe(
      newer,
    );
    expect(await refusalOf(migratePostgres({ url: url() }))).toBe(newer);
    await owner.query('DELETE FROM chancery.migrations WHERE version = 99');
  });

  it('tells no password, whatever is wrong with the address', async () => {
    const wrong = [url(runtime, 'hush-hush'), 'postgres://a:hush-hush@[', 'http://a:hush-hush@b/'];
    for (const address of wrong) {
      const refused = await refusalOf(openPostgresStore({ url: address, ledger: 'a' }));
      expect(refused).toMatch(/^ledger\.unreachable: /);
      expect(refused).not.toContain('hush-hush');
    }
  });
});

describe('reading a blob', () => {
  it('refuses one whose bytes are not those of its digest', async () => {
    const store = await openPostgresStore({ url: url(), ledger: randomUUID(), create: true });
    await store.append(genesis);
    const digest = 'a'.repeat(64);
    await owner.query(
      `INSERT INTO chancery.blobs SELECT max(id), decode($1, 'hex'), 'text/plain', 'x' FROM chancery.ledgers`,
      [digest],
    );
    expect(await refusalOf(store.blob(digest))).toBe(
      `ledger.corrupt: blob ${digest} has another content`,
    );
    await store.close();
  });
});
