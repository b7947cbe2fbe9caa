import { realpath } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import { type CommandFacts } from '@chancery/kernel/contract';
import { analyseLine } from './analysis/analyse.ts';
import { isMissing } from './missing.ts';

/** What a line is known to do, without a workspace to look at. */
export function factsOfLine(
  line: string,
): Required<Omit<CommandFacts, 'line'>> & { readonly paths: readonly string[] } {
  const { programs, does, reads, writes } = analyseLine(line);
  return { programs, does, reads, writes, paths: within(writes) };
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
