import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { DeclaredPrograms } from '@chancery/kernel/programs';
import { analyseLine } from './analysis/analyse.ts';
import type { Analysis } from './analysis/finding.ts';
import { isMissing } from './missing.ts';
import { packagesIn } from './package-facts.ts';

/** What is understood of a line that is only told. */
export interface ReadCommand extends Analysis {
  /** Those of the files that it writes that lie in the workspace. */
  readonly paths: readonly string[];
}

/** What a line is read by, besides what is built in. */
export interface Known {
  /** The scripts of the package in it are read. */
  readonly folder?: string;
  /** What a ledger tells of programs. */
  readonly declared?: DeclaredPrograms | undefined;
}

/** What a line is understood to do. */
export function readCommand(line: string, { folder, declared }: Known = {}): ReadCommand {
  const factsOf = folder === undefined ? () => undefined : packagesIn(realpathSync(folder));
  const found = analyseLine(line, { folder: '.', factsOf, declared });
  return { ...found, commands: found.commands, paths: within(found.writes) };
}

/** The folder, where no more is known than that it is below. */
const named = (path: string): string => path.replace(/\/?\*\*$/, '');

function within(writes: readonly string[]): readonly string[] {
  const paths = writes.map(named).filter((path) => path !== '' && path !== '.');
  return paths.filter((path) => !/^(?:[/~]|\.\.(?:\/|$))/.test(path));
}

/**
 * Paths of the workspace that are written under one of these names, and those to which links lead from
 * them. Sorted; the workspace itself is not among them.
 */
export async function pathsWritten(
  root: string,
  writes: readonly string[],
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of writes.map(named)) {
    if (path.startsWith('~')) continue;
    const place = path.startsWith('/') ? posix.normalize(path) : join(root, path);
    for (const each of [place, await realPlace(place)]) {
      if (each.startsWith(root + sep)) found.add(relative(root, each).split(sep).join('/'));
    }
  }
  return [...found].sort();
}

/** Where a path leads, as far as it is there. */
async function realPlace(place: string): Promise<string> {
  try {
    return await realpath(place);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const above = dirname(place);
    return above === place ? place : join(await realPlace(above), place.slice(above.length));
  }
}
