import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { files, read, root } from '../tidy/tree.ts';
import { hitDeclaration, readHits } from './measure/hits.ts';
import { instrumented } from './measure/instrument.ts';
import { shippedPlaces } from './sources.ts';
import { readTable, rowsOf, unreached, writeTable, type Table } from './table.ts';

/*
 * node scripts/setup.mjs tests/fail-closed/measure.ts [TEST FILE…]
 *
 * Runs these tests, or all, over a copy of the tree in which every place tells when it is reached, and
 * writes the table. A row that names a test which was not run stays as it is.
 */

const places = shippedPlaces();
const asked = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'chancery-places-'));
// Some tests run a part of it as another user.
chmodSync(folder, 0o755);
try {
  const hits = hitsOf(copyTree(folder));
  writeTable(merged(readTable(), hits));
  const rows = Object.values(readTable()).flatMap((each) => Object.entries(each));
  const count = (some: typeof rows): number =>
    some.reduce((sum, [, names]) => sum + names.length, 0);
  const without = count(rows.filter(([test]) => test === unreached));
  process.stdout.write(`${count(rows)} places, ${without} of them reached by no test\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Copies the tree as git sees it, instrumented; gives the folder of the hits. */
function copyTree(to: string): string {
  const hitFolder = path.join(to, 'hits');
  mkdirSync(hitFolder);
  chmodSync(hitFolder, 0o777);
  for (const file of files) cpSync(path.join(root, file), path.join(to, 'tree', file));
  for (const modules of globSync('{,packages/*/,apps/*/}node_modules', { cwd: root })) {
    const at = path.join(to, 'tree', modules);
    cpSync(path.join(root, modules), at, { recursive: true, verbatimSymlinks: true });
  }
  symlinkSync(path.join(root, '.node'), path.join(to, 'tree/.node'));
  const declaration = hitDeclaration(hitFolder);
  let first = 0;
  for (const [file, found] of places) {
    const text = instrumented(read(file), found, { first, declaration });
    writeFileSync(path.join(to, 'tree', file), text);
    first += found.length;
  }
  return hitFolder;
}

/** By number of the place, the tests that came to it. */
function hitsOf(hitFolder: string): ReadonlyMap<number, ReadonlySet<string>> {
  const tree = path.join(folder, 'tree');
  const vitest = path.join(tree, 'node_modules/vitest/vitest.mjs');
  spawnSync(process.execPath, [vitest, 'run', ...asked], { cwd: tree, stdio: 'inherit' });
  const hits = [...readHits(hitFolder)].map(
    ([place, tests]) =>
      [place, new Set([...tests].map((test) => path.relative(tree, test)))] as const,
  );
  return new Map(hits);
}

function merged(before: Table, hits: ReadonlyMap<number, ReadonlySet<string>>): Table {
  let number = 0;
  const sources = [...places].map(([file, found]) => {
    const rows = rowsOf(before, file);
    const tests = found.map(
      ({ name }) => [testFor(file, hits.get(number++), rows.get(name)), name] as const,
    );
    const grouped = Map.groupBy(tests, ([test]) => test);
    const sorted = [...grouped].sort(([a], [b]) => (a < b ? -1 : 1));
    return [
      file,
      Object.fromEntries(sorted.map(([test, all]) => [test, all.map(([, name]) => name)])),
    ] as const;
  });
  return Object.fromEntries(sources);
}

/** The test before, where it still comes here or was not run; else the nearest to the source that does. */
function testFor(
  file: string,
  reached: ReadonlySet<string> | undefined,
  before: string | undefined,
): string {
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
