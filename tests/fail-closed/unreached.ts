import path from 'node:path';
import { readTable, unreached } from './table.ts';

/*
 * node tests/fail-closed/unreached.ts [FOLDER…]
 *
 * Lists by folder how many places no test was seen to reach; those of the named folders by their names.
 */

const asked = process.argv.slice(2);
const rows = Object.entries(readTable()).flatMap(([file, tests]) =>
  (tests[unreached] ?? []).map((place) => ({ file, place })),
);
const folders = Map.groupBy(rows, ({ file }) => path.dirname(file));
const largestFirst = [...folders].sort(([, a], [, b]) => b.length - a.length);
const lines = largestFirst.flatMap(([folder, places]) => {
  if (asked.length === 0) return [`${String(places.length).padStart(5)}  ${folder}`];
  const isAsked = asked.some((each) => folder.startsWith(each));
  return isAsked ? places.map(({ file, place }) => `${file}: ${place}`) : [];
});
process.stdout.write(`${lines.join('\n')}\n`);
