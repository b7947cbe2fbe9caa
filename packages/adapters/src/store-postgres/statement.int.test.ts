import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesDigest } from '@chancery/kernel/encoding';
import type { Blob, Head, SealedEntry } from '@chancery/kernel/ledger';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { genesis, headAfter, turns } from '@chancery/testkit/store-suite';
import { migratePostgres } from './migrate.ts';
import { appendStatement, rowsOf } from './statement.ts';
import { openPostgresStore } from './store.ts';

let server: PostgresServer | undefined;

beforeAll(async () => {
  server = await startPostgres();
  await migratePostgres({ url: url() });
});

afterAll(() => server?.dispose());

function url(): string {
  if (server === undefined) throw new Error('there is no PostgreSQL to test with');
  return server.url;
}

function someBlob(name: string): Blob {
  const bytes = new TextEncoder().encode(name);
  return { digest: bytesDigest(bytes), bytes, mediaType: 'text/plain' };
}

describe('the statement of an append', () => {
  it('has room for every number of entries, and no more than half of it is left over', () => {
    for (let entries = 1; entries <= 256; entries += 1) {
      const rows = rowsOf(entries);
      expect(rows).toBeGreaterThanOrEqual(entries);
      expect(rows).toBeLessThan(2 * entries);
    }
    expect(rowsOf(257)).toBe('any');
  });

  it('has a name of its own for each text, under which a connection keeps it', () => {
    const texts = new Map<string, string>();
    for (const rows of [1, 2, 256, 'any'] as const) {
      for (const hasStreams of [false, true]) {
        for (const hasBlobs of [false, true]) {
          const { name, text } = appendStatement({ rows, hasStreams, hasBlobs });
          texts.set(name, text);
        }
      }
    }
    expect([texts.size, new Set(texts.values()).size]).toEqual([16, 16]);
  });

  it('writes batches of any size, with and without new streams and blobs, without a gap', async () => {
    const store = await openPostgresStore({ url: url(), ledger: randomUUID(), create: true });
    await store.append(genesis);
    const written: SealedEntry[] = [...genesis.entries];
    const heads = new Map<string, Head>();
    for (const size of [1, 2, 3, 4, 5, 7, 9, 17, 100, 255, 256, 257, 700]) {
      for (const stream of ['run:known', `run:new${size}`]) {
        for (const blobs of [[], [someBlob(`${stream} ${size}`)]]) {
          const batch = { ...turns(stream, heads.get(stream) ?? null, size), blobs };
          const outcome = await store.append(batch);
          expect(outcome).toEqual({ kind: 'appended', position: written.length });
          const head = headAfter(batch, stream);
          if (head !== null) heads.set(stream, head);
          written.push(...batch.entries);
          for (const { digest, bytes } of blobs) expect(await store.blob(digest)).toEqual(bytes);
        }
      }
    }
    const stored = await store.readAll(0, 100_000);
    expect(stored.map(({ position, text }) => [position, text])).toEqual(
      written.map(({ text }, position) => [position, text]),
    );
    for (const [stream, head] of heads) expect(await store.head(stream)).toEqual(head);
    await store.close();
  });
});
