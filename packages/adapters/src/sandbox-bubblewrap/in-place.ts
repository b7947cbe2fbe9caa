import { closeSync, lstatSync, openSync, unlinkSync } from 'node:fs';
import { hasOtherNames } from './links.ts';
import { kindAt, waysTo } from './place.ts';
import { holding } from './placeholder.ts';

/** What may be written where it is, although the folder that it lies in is read-only. */
export interface InPlace {
  /** Absolute paths; every one exists. */
  readonly writable: readonly string[];
  /** Removes what was made to be written and was not. */
  readonly release: () => void;
}

/**
 * Prepares paths of a workspace to be written in their place. A missing one is a file that is empty
 * until it is written. Left read-only: a link, what a link leads to, and what has another name, by
 * which more would be written.
 */
export function preparedInPlace(workspace: string, paths: readonly string[]): InPlace {
  const { hold, release } = holding();
  const made: (() => void)[] = [];
  const prepare = (path: string): boolean => {
    const ways = waysTo(workspace, path);
    const isReached = ways.slice(0, -1).every((way) => hold(way, true) && kindAt(way) === 'folder');
    const target = ways.at(-1);
    if (!isReached || target === undefined) return false;
    if (kindAt(target) === 'missing') made.push(makeUnwritten(target));
    return ['file', 'folder'].includes(kindAt(target)) && !hasOtherNames(target);
  };
  const undo = (): void => {
    for (const remove of made.splice(0)) remove();
    release();
  };
  let writable: readonly string[] | undefined;
  try {
    writable = paths.filter(prepare).flatMap((path) => waysTo(workspace, path).slice(-1));
    return { writable, release: undo };
  } finally {
    if (writable === undefined) undo();
  }
}

/** Makes an empty file. Gives what removes it again where nobody has written, or touched, it. */
function makeUnwritten(path: string): () => void {
  closeSync(openSync(path, 'wx'));
  const { ino, ctimeNs } = lstatSync(path, { bigint: true });
  return () => {
    const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (found?.ino === ino && found.ctimeNs === ctimeNs) unlinkSync(path);
  };
}
