import path from 'node:path';
import { rowsOf, unreached, type Table } from '../table.ts';

/** By source, the places of it in its order, and the tests that came to each. */
export type Reached = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/**
 * The table after a measurement of these tests, or of all when none is named. Rows that stay keep
 * their place among those of their test, wherever their code has gone to; new ones follow them.
 */
export function merged(before: Table, reached: Reached, asked: readonly string[]): Table {
  const sources = [...reached].map(([file, places]) => {
    const rows = rowsOf(before, file);
    const row = (name: string): string =>
      testFor({ file, reached: places.get(name), before: rows.get(name), asked });
    const grouped = Map.groupBy(places.keys(), row);
    const sorted = [...grouped].sort(([a], [b]) => (a < b ? -1 : 1));
    return [
      file,
      Object.fromEntries(
        sorted.map(([test, names]) => [test, inTheirOrder(names, before[file]?.[test] ?? [])]),
      ),
    ] as const;
  });
  return Object.fromEntries(sources);
}

function inTheirOrder(names: readonly string[], before: readonly string[]): readonly string[] {
  const kept = before.filter((name) => names.includes(name));
  return [...kept, ...names.filter((name) => !kept.includes(name))];
}

interface Place {
  readonly file: string;
  readonly reached: ReadonlySet<string> | undefined;
  readonly before: string | undefined;
  readonly asked: readonly string[];
}

/** The test before, where it still comes here or was not run; else the nearest to the source that does. */
function testFor({ file, reached, before, asked }: Place): string {
  const wasRun = asked.length === 0 || asked.some((each) => before?.includes(each) ?? false);
  const stays = before !== undefined && before !== unreached && !wasRun;
  if (stays || (before !== undefined && reached?.has(before))) return before;
  const near = [...(reached ?? [])].sort(
    (a, b) => distance(file, a) - distance(file, b) || (a < b ? -1 : 1),
  );
  return near[0] ?? unreached;
}

/** How many folders lie between two files. */
function distance(a: string, b: string): number {
  const [from, to] = [path.dirname(a).split('/'), path.dirname(b).split('/')];
  const differs = from.findIndex((part, index) => part !== to[index]);
  const common = differs < 0 ? from.length : differs;
  return from.length + to.length - 2 * common;
}
