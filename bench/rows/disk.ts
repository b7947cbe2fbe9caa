import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSqliteStore } from '@chancery/adapters/store-sqlite';
import { largeHome, type LargeHome } from '../large-home.ts';
import type { BenchRow } from '../row.ts';

const sizes = [1_000, 100_000];
const runs = 16;
const pageSize = 1_000;
/** A ledger with its tree may take three times the bytes of its texts. */
const bar = 1 / 3;

/** Bytes of an entry on disk: in the database, and in the tiles, which hold it once more. */
export async function diskRows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-disk-'));
  try {
    const rows: BenchRow[] = [];
    for (const entries of sizes) rows.push(...(await measured(folder, entries)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measured(folder: string, wanted: number): Promise<readonly BenchRow[]> {
  const large = await largeHome(folder, { entries: wanted, runs });
  const { home, entries } = large;
  const text = (await textBytes(large)) / entries;
  const row = (name: string, bytes: number): BenchRow => {
    const each = bytes / entries;
    const [ratio, { perSecond }] = [text / each, large];
    return {
      ...{ name: `disk-${name}-${wanted}`, unit: 'B', p50: each, p95: each, p99: each, perSecond },
      reference: { name: `${Math.round(text)} B of text`, perSecond },
      ...{ ratio, bar, met: ratio >= bar },
    };
  };
  return [row('sqlite', statSync(home.ledger).size), row('tiles', bytesIn(home.tiles))];
}

async function textBytes({ home, entries }: LargeHome): Promise<number> {
  const store = readSqliteStore(home.ledger);
  let bytes = 0;
  for (let position = 0; position < entries; position += pageSize) {
    const page = await store.readAll(position, pageSize);
    for (const { text } of page) bytes += Buffer.byteLength(text);
  }
  await store.close();
  return bytes;
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
