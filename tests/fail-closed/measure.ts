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
import { merged } from './measure/merge.ts';
import { readTable, unreached, writeTable } from './table.ts';

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
  writeTable(merged(readTable(), placesByFile(hits), asked));
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

/** By source and place, the tests that came to it. */
function placesByFile(
  hits: ReadonlyMap<number, ReadonlySet<string>>,
): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> {
  let number = 0;
  return new Map(
    [...places].map(([file, found]) => [
      file,
      new Map(found.map(({ name }) => [name, hits.get(number++) ?? new Set<string>()])),
    ]),
  );
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
