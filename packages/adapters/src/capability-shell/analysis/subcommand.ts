import type { Row } from '../programs/row.ts';
import type { Site } from './site.ts';
import type { Word } from './word.ts';

interface Known {
  readonly name: string;
  readonly row: Row;
}

const tables = new WeakMap<Row, ReadonlyMap<string, Known>>();

function subcommandsOf(row: Row): ReadonlyMap<string, Known> {
  const known = tables.get(row);
  if (known !== undefined) return known;
  const { subcommands } = row;
  const all = subcommands === undefined ? [] : Object.entries(subcommands);
  const entries = all.flatMap(([names, sub]) => {
    return names.split(' ').flatMap((spellings) => {
      const [name = '', ...others] = spellings.split('|');
      return [name, ...others].map((spelling) => [spelling, { name, row: sub }] as const);
    });
  });
  const table = new Map(entries);
  tables.set(row, table);
  return table;
}

/** The first operand is a subcommand, and the rest is its affair. */
export function readSubcommand(operands: readonly Word[], row: Row, site: Site): void {
  const [first, ...rest] = operands;
  if (first === undefined) {
    if (row.alone !== undefined) site.readRow([], row.alone);
    return;
  }
  if (first.kind !== 'whole') {
    site.unclear('its subcommand is not told');
    return;
  }
  const found = subcommandNamed(first.text, row);
  site.subcommand(found?.name ?? first.text);
  if (found !== undefined) site.readRow(rest, found.row);
  else if (row.otherwise !== undefined) site.readRow(operands, row.otherwise);
  else site.unclear(`its subcommand ${first.text}`);
}

function subcommandNamed(name: string, row: Row): Known | undefined {
  const table = subcommandsOf(row);
  const exact = table.get(name);
  if (exact !== undefined || row.shortens !== true || name === '') return exact;
  const meant = new Map<string, Known>();
  for (const [spelling, known] of table)
    if (spelling.startsWith(name)) meant.set(known.name, known);
  return meant.size === 1 ? [...meant.values()][0] : undefined;
}
