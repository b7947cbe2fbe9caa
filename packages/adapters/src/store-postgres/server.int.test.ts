import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RefusalError } from '@chancery/kernel/refusal';
import type { LedgerStore } from '@chancery/kernel/ledger';
import {
  cuttingProxy,
  startPostgres,
  type PostgresServer,
} from '@chancery/testkit/postgres-server';
import {
  flawsOf,
  genesis,
  headAfter,
  readHistory,
  startChild,
  turns,
} from '@chancery/testkit/store-suite';
import { migratePostgres } from './migrate.ts';
import { openPostgresStore } from './store.ts';

let server: PostgresServer | undefined;
const toClose: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startPostgres();
  await migratePostgres({ url: own().url });
});

afterAll(() => server?.dispose());
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

function own(): PostgresServer {
  if (server === undefined) throw new Error('there is no PostgreSQL to test with');
  return server;
}

async function open(ledger: string, url = own().url): Promise<LedgerStore> {
  const store = await openPostgresStore({ url, ledger, create: true });
  toClose.push(() => store.close());
  return store;
}

/** A store whose connections can be cut. */
async function openThroughProxy(ledger: string): Promise<{
  readonly store: LedgerStore;
  readonly proxy: Awaited<ReturnType<typeof cuttingProxy>>;
}> {
  const direct = new URL(own().url);
  const proxy = await cuttingProxy({ host: direct.hostname, port: Number(direct.port) });
  toClose.push(() => proxy.close());
  direct.port = String(proxy.port);
  return { store: await open(ledger, direct.href), proxy };
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RefusalError) return `${error.refusal.code}: ${error.refusal.message}`;
    throw error;
  }
  return 'not refused';
}

describe('a connection that is lost while a batch is written', () => {
  it('is answered with what was written, when the server got the batch and the answer was lost', async () => {
    const { store, proxy } = await openThroughProxy(randomUUID());
    await store.append(genesis);
    const first = turns('run:a', null, 2);
    proxy.cutAfter('turn.started', 'answered');
    expect(await store.append(first)).toEqual({ kind: 'appended', position: 1 });
    expect(proxy.cuts()).toBe(1);
    const next = turns('run:a', headAfter(first, 'run:a'), 1);
    expect(await store.append(next)).toEqual({ kind: 'appended', position: 3 });
  });

  it.each(['sent', 'answered'] as const)(
    'is answered with what was written, when it is lost once COMMIT was %s',
    async (when) => {
      const ledger = randomUUID();
      const other = await open(ledger);
      await other.append(genesis);
      const { store, proxy } = await openThroughProxy(ledger);
      await store.append(turns('run:a', null, 1));
      await other.append(turns('run:b', null, 1));
      proxy.cutAfter('COMMIT', when);
      const outcome = await messageOf(store.append(turns('run:c', null, 2)));
      expect(proxy.cuts()).toBe(1);
      const isWritten = (await other.read('run:c', 0, 10)).length === 2;
      const unwritten = 'ledger.unreachable: the connection was lost before anything was written';
      expect(outcome).toBe(isWritten ? 'not refused' : unwritten);
      if (when === 'answered') expect(isWritten).toBe(true);
    },
  );

  it('is answered with what was written, when it is lost once a batch of one statement was sent', async () => {
    const ledger = randomUUID();
    const { store, proxy } = await openThroughProxy(ledger);
    await store.append(genesis);
    proxy.cutAfter('turn.started', 'sent');
    const outcome = await messageOf(store.append(turns('run:a', null, 2)));
    expect(proxy.cuts()).toBe(1);
    const written = (await (await open(ledger)).read('run:a', 0, 10)).length;
    const unwritten = 'ledger.unreachable: the connection was lost before anything was written';
    expect({ outcome, written }).toEqual(
      written === 0 ? { outcome: unwritten, written } : { outcome: 'not refused', written: 2 },
    );
  });

  it('is refused, and nothing is written later, when the server did not get the batch', async () => {
    const { store, proxy } = await openThroughProxy(randomUUID());
    await store.append(genesis);
    proxy.cutBefore('turn.started');
    expect(await messageOf(store.append(turns('run:a', null, 2)))).toBe(
      'ledger.unreachable: the connection was lost before anything was written',
    );
    expect(await store.head('run:a')).toBeNull();
    expect(await store.append(turns('run:a', null, 1))).toEqual({ kind: 'appended', position: 1 });
  });

  it('is made again for the next read', async () => {
    const { store, proxy } = await openThroughProxy(randomUUID());
    await store.append(genesis);
    await store.readAll(0, 10);
    proxy.cutAll();
    expect((await store.readAll(0, 10)).length).toBe(1);
  });
});

describe('writers in several processes', () => {
  it('make one order without gap, whole batches, and every chain linked', async () => {
    const options = { url: own().url, ledger: randomUUID() };
    const store = await open(options.ledger);
    await store.append(genesis);
    const writers = Array.from({ length: 3 }, () =>
      startChild(`
import { openPostgresStore } from '${import.meta.resolve('./store.ts')}';
import { writeUntilKilled } from '@chancery/testkit/store-suite';
await writeUntilKilled(await openPostgresStore(${JSON.stringify(options)}));
`),
    );
    await Promise.all(writers.map((writer) => writer.said(60)));
    for (const writer of writers) await writer.kill();
    const history = await readHistory(store);
    expect(flawsOf(history)).toEqual([]);
    const written = new Set(
      history.map(({ entry, digest }) => `${entry.stream} ${entry.seq} ${digest}`),
    );
    const said = writers.flatMap(({ lines }) => lines.filter((line) => line.length > 64));
    expect(said.filter((line) => /[0-9a-f]{64}$/.test(line) && !written.has(line))).toEqual([]);
  });

  it('hear of each other’s appends', async () => {
    const ledger = randomUUID();
    const [one, other] = [await open(ledger), await open(ledger)];
    const heard = new Promise<void>((resolve) => {
      other.subscribe(() => {
        void other.head('ledger').then((head) => head !== null && resolve());
      });
    });
    await one.append(genesis);
    await heard;
    expect((await other.readAll(0, 10)).length).toBe(1);
  });
});

const isOurs = process.env['DATABASE_URL'] === undefined;
const leftOut = isOurs ? '' : ' (left out: the server of DATABASE_URL is not ours to kill)';

describe.runIf(isOurs)(`a server that is killed${leftOut}`, () => {
  it('has all that was acknowledged when it is back, once, and the store goes on', async () => {
    const store = await open(randomUUID());
    await store.append(genesis);
    const acknowledged: string[] = [];
    let isRunning = true;
    const lane = async (stream: string): Promise<void> => {
      while (isRunning) {
        const batch = turns(stream, await store.head(stream), 2);
        const outcome = await store.append(batch).catch((error: unknown) => {
          if (error instanceof RefusalError) return undefined;
          throw error;
        });
        if (outcome?.kind !== 'appended') continue;
        acknowledged.push(...batch.entries.map(({ digest }) => digest));
      }
    };
    const lanes = Array.from({ length: 8 }, (_, index) => lane(`run:${index}`));
    for (let killed = 0; killed < 2; killed += 1) {
      const before = acknowledged.length;
      while (acknowledged.length < before + 40) await new Promise((next) => setTimeout(next, 5));
      await own().kill();
      await own().restart();
    }
    isRunning = false;
    await Promise.all(lanes);
    const history = await readHistory(store);
    expect(flawsOf(history)).toEqual([]);
    const digests = history.map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(acknowledged.filter((digest) => !digests.includes(digest))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(80);
  });
});
