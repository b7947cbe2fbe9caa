import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { migratePostgres, openPostgresStore } from '@chancery/adapters/store-postgres';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { bytesDigest } from '@chancery/kernel/encoding';
import type { Blob, Head, LedgerStore, SealedBatch } from '@chancery/kernel/ledger';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import {
  genesis,
  headAfter,
  ledgerId,
  pruning,
  someBatch,
  turn,
} from '@chancery/testkit/store-suite';

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
  /** Contents that come with it. */
  readonly blobs: readonly string[];
  /** Contents that it says are gone, whether they are there or not. */
  readonly pruned: readonly string[];
  /** A stream that it relies on, and whether as it stands. */
  readonly relied: { readonly stream: string; readonly isSo: boolean } | null;
}

const names = fc.constantFrom('run:a', 'run:B', 'run:a.1', 'run:_', 'run:a-b');
const contents = fc.constantFrom('one', 'two', 'drei ✍', '');
const step: fc.Arbitrary<Step> = fc.record({
  streams: fc.array(names, { minLength: 1, maxLength: 4 }),
  isStale: fc.boolean(),
  blobs: fc.uniqueArray(contents, { maxLength: 2 }),
  pruned: fc.uniqueArray(contents, { maxLength: 2 }),
  relied: fc.option(fc.record({ stream: names, isSo: fc.boolean() })),
});

function blobOf(content: string): Blob {
  const bytes = new TextEncoder().encode(content);
  return { digest: bytesDigest(bytes), mediaType: 'text/plain', bytes };
}

function batchOf(id: string, made: Step, present: ReadonlyMap<string, Head | null>): SealedBatch {
  const { streams, isStale, blobs, pruned, relied } = made;
  const drafts = streams.map((stream, number) => turn(stream, number));
  const gone = pruned.map((content) => blobOf(content).digest);
  const wrong = { seq: 7, digest: '7'.repeat(64) };
  const read = relied?.isSo === true ? (present.get(relied.stream) ?? null) : wrong;
  return someBatch({
    ...{ id, ledger: ledgerId },
    heads: isStale ? new Map() : present,
    drafts: gone.length === 0 ? drafts : [...drafts, pruning(gone)],
    reads: relied === null ? [] : [{ stream: relied.stream, head: read }],
    blobs: blobs.map(blobOf),
  });
}

async function play(store: LedgerStore, steps: readonly Step[]): Promise<unknown> {
  const outcomes: unknown[] = [await store.append(genesis)];
  const present = new Map<string, Head | null>([['ledger', headAfter(genesis, 'ledger')]]);
  for (const [index, made] of steps.entries()) {
    const batch = batchOf(`${index}`, made, present);
    const outcome = await store.append(batch);
    outcomes.push(outcome);
    if (outcome.kind !== 'appended') continue;
    for (const { stream } of batch.writes) present.set(stream, headAfter(batch, stream));
  }
  const all = ['one', 'two', 'drei ✍', ''].map(blobOf);
  return {
    outcomes,
    entries: await store.readAll(0, 1_000),
    streams: await store.streams(''),
    ofPrefix: await store.streams('run:'),
    page: await store.read('run:a', 1, 2),
    blobs: (await Promise.all(all.map(({ digest }) => store.blob(digest)))).map(
      (bytes) => bytes && Buffer.from(bytes).toString(),
    ),
  };
}

it('one history gives the same answers, bytes, contents, heads and order in SQLite and in PostgreSQL', async () => {
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
    cases(50),
  );
});
