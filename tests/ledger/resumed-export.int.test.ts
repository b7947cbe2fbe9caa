import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import fc from 'fast-check';
import { migratePostgres, openPostgresStore } from '@chancery/adapters/store-postgres';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { adopt, type LogOptions } from '@chancery/runtime/transparency';
import {
  exportLedger,
  importLedger,
  manifestOf,
  missingBytes,
  readBegun,
} from '@chancery/runtime/transfer';
import { exportOf, runtimeSigner } from '@chancery/testkit/builders';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { fileOf, growingLedger, memoryTiles, textOf } from './transfer-fixture.ts';

const ledger = growingLedger();
ledger.run('r1');
ledger.run('r2');
const { on, blobs } = ledger;
const whole = ledger.text();
const names = ['ledger', 'run:nobody', 'run:r1', 'run:r2'];
const partial = exportOf(on, { blobs, streams: names }).join('');
const { checkpoint: note } = (
  JSON.parse(whole.split('\n', 1)[0] ?? '') as { export: { checkpoint: string } }
).export;

const utf8 = new TextEncoder();
const folder = mkdtempSync(path.join(tmpdir(), 'resumed-export-'));
let server: PostgresServer | undefined;

beforeAll(async () => {
  server = await startPostgres();
  await migratePostgres({ url: server?.url ?? '' });
});

afterAll(async () => {
  await server?.dispose();
  rmSync(folder, { recursive: true });
});

const stores = {
  SQLite: async () => openSqliteStore({ path: path.join(folder, randomUUID()), create: true }),
  PostgreSQL: () =>
    openPostgresStore({ url: server?.url ?? '', ledger: randomUUID(), create: true }),
} as const;

const scopes = { 'the whole ledger': [null, whole], 'some streams': [names, partial] } as const;

describe.each(Object.keys(stores) as (keyof typeof stores)[])('out of %s', (kind) => {
  describe.each(Object.entries(scopes))('an export of %s', (_, [streams, text]) => {
    let store: LedgerStore;
    let log: LogOptions;

    beforeAll(async () => {
      store = await stores[kind]();
      await importLedger({ file: fileOf(whole), store });
      log = { store, ledger: on.ledger, tiles: memoryTiles() };
      await adopt(log, note, [runtimeSigner.id]);
    });

    afterAll(() => store.close());

    /** What is added to a file, as the command does it. */
    async function added(present: Uint8Array): Promise<string> {
      const file = fileOf(present);
      const begun = await readBegun(file);
      const manifest = manifestOf({ ledger: on.ledger, streams }, note, [runtimeSigner.id]);
      const goesOn = streams === null && begun.manifest !== undefined;
      const resumption = goesOn ? begun.resumption : undefined;
      const pieces = exportLedger(log, manifest, { resumption });
      return textOf(decoded(missingBytes(file, resumption?.mark.bytes ?? 0, pieces)));
    }

    const bytes = utf8.encode(text);
    const cuts = fc.integer({ min: 0, max: bytes.length - 1 });

    it('that was cut short anywhere gets the bytes that it lacks, and no others', async () => {
      await fc.assert(
        fc.asyncProperty(cuts, async (length) => {
          const rest = new TextDecoder().decode(bytes.subarray(length));
          expect(await added(bytes.slice(0, length))).toBe(rest);
        }),
        { ...cases(40), examples: [[0], [1], [bytes.length - 1]] },
      );
    });

    it('that was changed behind its last entry gets nothing', async () => {
      const last = text.lastIndexOf('\n{"at":', text.length - 2) + 1;
      for (const length of [last + 2, last + 60, text.length - 40]) {
        const changed = utf8.encode(text.slice(0, length - 1) + '~');
        await expect(refusalCode(added(changed))).resolves.toBe('export.invalid');
      }
    });

    it('whose entries are of another history gets nothing', async () => {
      const entry = text.lastIndexOf('\n{"at":', text.length / 2) + 1;
      const digit = text.charAt(entry + 7);
      const changed = `${text.slice(0, entry + 7)}${digit === '1' ? '2' : '1'}${text.slice(entry + 8)}`;
      for (const length of [text.indexOf('\n', entry) + 1, text.length - 200]) {
        const present = utf8.encode(changed.slice(0, length));
        await expect(refusalCode(added(present))).resolves.toBe('export.invalid');
      }
    });
  });
});

async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const chunk of chunks) yield new TextDecoder().decode(chunk);
}

async function refusalCode(adding: Promise<string>): Promise<string> {
  try {
    return `added ${(await adding).length} characters`;
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return error.refusal.code;
  }
}
