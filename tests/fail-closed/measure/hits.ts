import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Declares `hit_`, which writes to `folder` which places a process comes to, and under which test
 * file. One line, which needs no import, so that it is built and packed with the source that it is
 * put before; where there is no Node it does nothing.
 */
export function hitDeclaration(folder: string): string {
  return `const hit_: (place: number) => void = ((globalThis as any).hit_ ??= (() => {
    const { process } = globalThis as any;
    const fs = process?.getBuiltinModule?.('node:fs');
    if (fs === undefined) return () => undefined;
    const file = ${JSON.stringify(`${folder}/`)} + process.pid + '-' + process.ppid + '-' + Date.now();
    const told = new Set();
    return (place: number) => {
      const line = place + ' ' + ((globalThis as any).__vitest_worker__?.filepath ?? '');
      if (told.has(line)) return;
      told.add(line);
      fs.appendFileSync(file, line + '\\n');
    };
  })());`.replaceAll(/\n\s*/g, ' ');
}

interface Hit {
  readonly place: number;
  /** Empty for a process that is not a test itself. */
  readonly test: string;
}

interface Process {
  readonly id: string;
  readonly parent: string;
  readonly beganMs: number;
  readonly hits: readonly Hit[];
}

/** The test files that came to each place, by its number; what they started counts as theirs. */
export function readHits(folder: string): ReadonlyMap<number, ReadonlySet<string>> {
  const processes = readdirSync(folder).map((name) => readProcess(folder, name));
  const byId = Map.groupBy(processes, ({ id }) => id);
  const reached = new Map<number, Set<string>>();
  for (const each of processes) {
    const above = testAbove(each, byId);
    for (const { place, test } of each.hits) {
      const by = test === '' ? above : test;
      if (by !== undefined) reached.set(place, (reached.get(place) ?? new Set()).add(by));
    }
  }
  return reached;
}

/** The test that a process was started for, by whoever; ids are used again, so time decides which. */
function testAbove(
  { parent, beganMs }: Process,
  byId: ReadonlyMap<string, readonly Process[]>,
): string | undefined {
  const before = (byId.get(parent) ?? []).filter((each) => each.beganMs <= beganMs);
  const above = before.toSorted((a, b) => b.beganMs - a.beganMs)[0];
  if (above === undefined) return undefined;
  return above.hits.find(({ test }) => test !== '')?.test ?? testAbove(above, byId);
}

function readProcess(folder: string, name: string): Process {
  const [id = '', parent = '', began = ''] = name.split('-');
  const lines = readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n');
  const hits = lines.map((line) => {
    const [place = '', test = ''] = line.split(' ');
    return { place: Number(place), test };
  });
  return { id, parent, beganMs: Number(began), hits };
}
