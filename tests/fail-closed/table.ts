import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The parity table: for every source, which test has been seen to reach which of its places.
 * `unreached` in the place of a test: none has, yet.
 */
export type Table = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export const unreached = 'unreached';

const file = path.join(import.meta.dirname, 'table.json');

export function readTable(): Table {
  return JSON.parse(readFileSync(file, 'utf8')) as Table;
}

export function writeTable(table: Table): void {
  writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`);
}

/** The row of each place of a source: the test that reaches it. */
export function rowsOf(table: Table, source: string): ReadonlyMap<string, string> {
  const rows = Object.entries(table[source] ?? {});
  return new Map(rows.flatMap(([test, places]) => places.map((place) => [place, test] as const)));
}
