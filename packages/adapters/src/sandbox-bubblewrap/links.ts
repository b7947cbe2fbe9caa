import { lstatSync, type Stats } from 'node:fs';
import { isWithin } from './place.ts';
import { entriesIn } from './walk.ts';

const inodeOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

const statsOf = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

/** The files at or below a path that have more than one name, by what tells a file. */
function* linkedFiles(path: string): Generator<string, void, undefined> {
  const stats = statsOf(path);
  if (stats?.isDirectory() === true) {
    for (const { path: inner, entry } of entriesIn(path)) {
      if (entry.isFile()) yield* linkedFiles(inner);
    }
  } else if (stats?.isFile() === true && stats.nlink > 1) yield inodeOf(stats);
}

/** Whether a file at or below a path has another name somewhere. */
export const hasOtherNames = (path: string): boolean => !linkedFiles(path).next().done;

/**
 * Other names in a workspace of the files at and below `covered`, by which these could be written
 * (hard links). The workspace is looked through only where such a file has a second name somewhere.
 */
export function otherNames(workspace: string, covered: readonly string[]): readonly string[] {
  const files = new Set(covered.flatMap((path) => [...linkedFiles(path)]));
  if (files.size === 0) return [];
  const isCovered = (path: string): boolean => covered.some((folder) => isWithin(path, folder));
  return [...entriesIn(workspace, { skips: isCovered })].flatMap(({ path, entry }) => {
    const stats = entry.isFile() ? statsOf(path) : undefined;
    return stats !== undefined && files.has(inodeOf(stats)) ? [path] : [];
  });
}
