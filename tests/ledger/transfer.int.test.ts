import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import fc from 'fast-check';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { migratePostgres, openPostgresStore } from '@chancery/adapters/store-postgres';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { AppendOutcome, LedgerStore, SealedBatch } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { adopt, checkpointPath, integrate } from '@chancery/runtime/transparency';
import {
  checkExport,
  exportLedger,
  importLedger,
  manifestOf,
  readBegun,
} from '@chancery/runtime/transfer';
import { exportOf, runtimeSigner } from '@chancery/testkit/builders';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import {
  contentsDigest,
  fileOf,
  growingLedger,
  memoryTiles,
  refusalOfImport,
  textOf,
  type GrowingLedger,
} from './transfer-fixture.ts';

let server: PostgresServer | undefined;
let folder: string;
const open: LedgerStore[] = [];

beforeAll(async () => {
  server = await startPostgres();
  await migratePostgres({ url: server?.url ?? '' });
});

afterAll(() => server?.dispose());

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'transfer-'));
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

type StoreKind = keyof typeof kinds;

async function storeOf(kind: StoreKind): Promise<LedgerStore> {
  const store = await kinds[kind]();
  open.push(store);
  return store;
}

/** The note of an export's first line. */
function noteIn(text: string): string {
  const { checkpoint } = (JSON.parse(text.split('\n', 1)[0] ?? '') as Manifested).export;
  return checkpoint;
}

interface Manifested {
  readonly export: { readonly checkpoint: string };
}

function exported(
  { on }: GrowingLedger,
  store: LedgerStore,
  note: string,
  streams: readonly string[] | null = null,
) {
  const { ledger } = on;
  const manifest = manifestOf({ ledger, streams }, note, [runtimeSigner.id]);
  return exportLedger({ store, ledger, tiles: memoryTiles() }, manifest);
}

describe.each([
  ['SQLite', 'PostgreSQL'],
  ['PostgreSQL', 'SQLite'],
] as const)('a ledger that is moved from %s to %s', (from, to) => {
  it('has the same entries, heads, blobs and export there', async () => {
    const ledger = growingLedger();
    ledger.run('r1');
    const text = ledger.text();
    const [first, second] = [await storeOf(from), await storeOf(to)];
    await importLedger({ file: fileOf(text), store: first });
    const moved = await textOf(exported(ledger, first, noteIn(text)));
    expect(moved).toBe(text);
    const { present, appended } = await importLedger({ file: fileOf(moved), store: second });
    expect({ present, appended }).toEqual({
      present: 0,
      appended: ledger.on.recorder.entries.length,
    });
    expect(await contentsDigest(second)).toBe(await contentsDigest(first));
    expect(await textOf(exported(ledger, second, noteIn(text)))).toBe(text);
  });

  it('takes a longer export upon a shorter one, and none twice', async () => {
    const ledger = growingLedger();
    const store = await storeOf(to);
    const counts: (readonly [number, number])[] = [];
    for (const run of ['r1', 'r2', 'r3']) {
      ledger.run(run);
      for (const file of [fileOf(ledger.text()), fileOf(ledger.text())]) {
        const { present, appended } = await importLedger({ file, store });
        counts.push([present, appended]);
      }
    }
    const sizes = counts.filter((_, index) => index % 2 === 1).map(([present]) => present);
    const [one = 0, two = 0, three = 0] = sizes;
    expect(three).toBe(ledger.on.recorder.entries.length);
    expect(counts).toEqual([
      [0, one],
      [one, 0],
      [one, two - one],
      [two, 0],
      [two, three - two],
      [three, 0],
    ]);
    expect(await textOf(exported(ledger, store, noteIn(ledger.text())))).toBe(ledger.text());
  });

  it('refuses a fork of itself, and another ledger, and is as it was', async () => {
    const ledger = growingLedger();
    ledger.run('r1');
    const store = await storeOf(to);
    await importLedger({ file: fileOf(ledger.text()), store });
    const before = await contentsDigest(store);
    const forked = growingLedger();
    forked.run('other');
    const foreign = growingLedger('another ledger');
    for (const [{ text }, code] of [
      [forked, 'ledger.forked'],
      [foreign, 'export.foreign'],
    ] as const) {
      expect(await refusalOfImport(text(), store)).toMatchObject({ code });
    }
    expect(await contentsDigest(store)).toBe(before);
  });
});

describe('an import', () => {
  it('writes nothing of an export that is damaged anywhere', async () => {
    const ledger = growingLedger();
    ledger.run('r1');
    const bytes = new TextEncoder().encode(ledger.text());
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const store = new MemoryStore();
          const damaged = bytes.slice();
          damaged[at] = (damaged[at] ?? 0) ^ by;
          const refused = await refusalOfImport(damaged, store);
          expect(refused).toHaveProperty('code');
          expect(await store.readAll(0, 1)).toEqual([]);
          expect(await refusalOfImport(bytes.subarray(0, at), store)).toMatchObject({
            code: 'export.truncated',
          });
          expect(await store.readAll(0, 1)).toEqual([]);
        },
      ),
      cases(60),
    );
  });

  it('writes nothing of an export of a later version, of some streams, or of another ledger', async () => {
    const ledger = growingLedger();
    const store = new MemoryStore();
    const text = ledger.text();
    const partial = exportOf(ledger.on, { streams: ['ledger'] }).join('');
    expect(await refusalOfImport('{"export":{"version":4}}\n', store)).toMatchObject({
      code: 'export.newer',
    });
    expect(await refusalOfImport(partial, store)).toMatchObject({ code: 'export.partial' });
    expect(await refusalOfImport(text, store, '0'.repeat(64))).toMatchObject({
      code: 'export.foreign',
    });
    expect(await store.readAll(0, 1)).toEqual([]);
  });

  it('takes nothing that came into the file after it was verified', async () => {
    const [ledger, other] = [growingLedger(), growingLedger()];
    ledger.run('r1');
    other.run('r2');
    const [file, swapped] = [fileOf(ledger.text()), fileOf(other.text())];
    let reads = 0;
    const changing = {
      read: async (offset: number, length: number) => {
        reads += 1;
        return (reads > 1 ? swapped : file).read(offset, length);
      },
    };
    const store = new MemoryStore();
    expect(await refusalOfImport(changing, store)).toMatchObject({
      code: 'export.invalid',
      message: 'the file changed while it was imported, after 0 entries',
    });
    expect(await store.readAll(0, 1)).toEqual([]);
  });

  it('stops when somebody else has written meanwhile', async () => {
    const ledger = growingLedger();
    ledger.run('r1');
    class Raced extends MemoryStore {
      override async append(batch: SealedBatch): Promise<AppendOutcome> {
        const outcome = await super.append(batch);
        if (outcome.kind === 'conflict') return outcome;
        return { ...outcome, position: outcome.position + 1 };
      }
    }
    expect(await refusalOfImport(ledger.text(), new Raced())).toMatchObject({
      code: 'ledger.conflict',
    });
  });

  it('goes on where one was cut off', async () => {
    const ledger = growingLedger();
    ledger.run('r1');
    let room = 7;
    class Filling extends MemoryStore {
      override async append(batch: SealedBatch): Promise<AppendOutcome> {
        room -= 1;
        if (room === 0) throw new RefusalError(refusal('ledger.unreachable', 'no room'));
        return super.append(batch);
      }
    }
    const store = new Filling();
    expect(await refusalOfImport(ledger.text(), store)).toMatchObject({
      code: 'ledger.unreachable',
    });
    const { present, appended } = await importLedger({ file: fileOf(ledger.text()), store });
    expect(present).toBeGreaterThan(0);
    expect(appended).toBeGreaterThan(0);
    expect(present + appended).toBe(ledger.on.recorder.entries.length);
    expect(await textOf(exported(ledger, store, noteIn(ledger.text())))).toBe(ledger.text());
  });
});

describe('an export', () => {
  it('that was cut short goes on with the same bytes', async () => {
    const ledger = growingLedger();
    ledger.run('r1');
    const text = ledger.text();
    const store = new MemoryStore();
    await importLedger({ file: fileOf(text), store });
    const log = { store, ledger: ledger.on.ledger, tiles: memoryTiles() };
    await adopt(log, noteIn(text), [runtimeSigner.id]);
    const bytes = new TextEncoder().encode(text);
    for (const share of [0.2, 0.5, 0.97]) {
      const begun = await readBegun(fileOf(bytes.slice(0, bytes.length * share)));
      const { manifest, isWhole, resumption } = begun;
      if (manifest === undefined) throw new Error('its first line is there');
      expect(isWhole).toBe(false);
      const rest = await textOf(exportLedger(log, manifest, { resumption }));
      const kept = new TextDecoder().decode(bytes.slice(0, resumption.mark.bytes));
      expect(kept + rest).toBe(text);
    }
    expect((await readBegun(fileOf(bytes))).isWhole).toBe(true);
    expect((await readBegun(fileOf(''))).manifest).toBe(undefined);
  });

  it('of some streams carries the proofs that they are whole', async () => {
    const ledger = growingLedger();
    ledger.run('r1');
    const { on, blobs, text } = ledger;
    const store = new MemoryStore();
    await importLedger({ file: fileOf(text()), store });
    const log = { store, ledger: on.ledger, tiles: memoryTiles() };
    await adopt(log, noteIn(text()), [runtimeSigner.id]);
    const names = ['run:r1', 'run:nobody'];
    const scope = { ledger: on.ledger, streams: names };
    const manifest = manifestOf(scope, noteIn(text()), [runtimeSigner.id]);
    const partial = await textOf(exportLedger(log, manifest));
    const streams = ['ledger', 'run:nobody', 'run:r1'];
    expect(partial).toBe(exportOf(on, { blobs, streams }).join(''));
    const verdict = await checkExport({ file: fileOf(partial), ledger: on.ledger });
    expect(verdict.scope).toBe('streams');
  });

  it('of a ledger whose entries are not those of its checkpoint has no end', async () => {
    const ledger = growingLedger();
    const text = ledger.text();
    const store = new MemoryStore();
    await importLedger({ file: fileOf(text), store });
    ledger.run('r1');
    const pieces = exported(ledger, store, noteIn(ledger.text()));
    await expect(textOf(pieces)).rejects.toMatchObject({ refusal: { code: 'ledger.corrupt' } });
  });
});

describe('a checkpoint that came with an export', () => {
  it('is kept with its tiles, and grows on from there', async () => {
    const ledger = growingLedger();
    const store = new MemoryStore();
    await importLedger({ file: fileOf(ledger.text()), store });
    const [taken, own] = [memoryTiles(), memoryTiles()];
    const log = { store, ledger: ledger.on.ledger };
    await adopt({ ...log, tiles: taken }, noteIn(ledger.text()), [runtimeSigner.id]);
    await integrate({ ...log, tiles: own }, runtimeSigner);
    expect(await taken.read(checkpointPath)).toEqual(await own.read(checkpointPath));
    ledger.run('r1');
    await importLedger({ file: fileOf(ledger.text()), store });
    await adopt({ ...log, tiles: taken }, noteIn(ledger.text()), [runtimeSigner.id]);
    const grown = await integrate({ ...log, tiles: taken }, runtimeSigner);
    expect(grown.note).toBe(noteIn(ledger.text()));
  });
});
