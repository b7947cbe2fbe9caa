import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migratePostgres, openPostgresStore } from '@chancery/adapters/store-postgres';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { type Head, type LedgerStore } from '@chancery/kernel/ledger';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { genesis, headAfter, ledgerId, someBatch, turn } from '@chancery/testkit/store-suite';

let server: PostgresServer | undefined;
let url = '';

beforeAll(async () => {
  server = await startPostgres();
  if (server === undefined) throw new Error('there is no PostgreSQL to test with');
  url = server.url;
  await migratePostgres({ url });
});

afterAll(() => server?.dispose());

interface Step {
  readonly streams: readonly string[];
  /** Whether the batch is sealed upon no head at all, whatever there is. */
  readonly isStale: boolean;
}

const names = fc.constantFrom('run:a', 'run:B', 'run:a.1', 'run:_', 'run:a-b');
const step: fc.Arbitrary<Step> = fc.record({
  streams: fc.array(names, { minLength: 1, maxLength: 4 }),
  isStale: fc.boolean(),
});

async function play(store: LedgerStore, steps: readonly Step[]): Promise<unknown> {
  const outcomes: unknown[] = [await store.append(genesis)];
  const present = new Map<string, Head | null>();
  for (const [index, { streams, isStale }] of steps.entries()) {
    const heads = isStale ? new Map<string, Head | null>() : present;
    const drafts = streams.map((stream, number) => turn(stream, number));
    const batch = someBatch({ id: `${index}`, ledger: ledgerId, heads, drafts });
    const outcome = await store.append(batch);
    outcomes.push(outcome);
    if (outcome.kind !== 'appended') continue;
    for (const { stream } of batch.writes) present.set(stream, headAfter(batch, stream));
  }
  return {
    outcomes,
    entries: await store.readAll(0, 1_000),
    streams: await store.streams(''),
    ofPrefix: await store.streams('run:'),
    page: await store.read('run:a', 1, 2),
  };
}

it('one history gives the same answers, bytes, heads and order in SQLite and in PostgreSQL', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'stores-agree-'));
      const sqlite = openSqliteStore({ path: join(folder, 'ledger.db'), create: true });
      const postgres = await openPostgresStore({ url, ledger: randomUUID(), create: true });
      try {
        expect(await play(postgres, steps)).toEqual(await play(sqlite, steps));
      } finally {
        await Promise.all([sqlite.close(), postgres.close()]);
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 25 },
  );
});
