import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { isWithin } from './place.ts';
import { isPlaceholder } from './placeholder.ts';

/** Folders in which something is lifted, with what was in them before a command. */
export interface Opened {
  /**
   * Takes out again what a command made in them beside what is lifted, and puts back links that it
   * replaced. Gives the paths of these; once.
   */
  readonly close: () => readonly string[];
}

/** One of them. Held open, since what its path leads to may be another folder by the end. */
interface Folder {
  readonly path: string;
  readonly descriptor: number;
  readonly entries: ReadonlyMap<string, Entry | undefined>;
}

interface Entry {
  readonly inode: number;
  /** Where a link leads; all else is kept by a mount. */
  readonly target: string | undefined;
}

/** `open`, `lifted`: relative to the workspace. */
export function openedFolders(
  workspace: string,
  open: readonly string[],
  lifted: readonly string[],
): Opened {
  const folders: Folder[] = [];
  const release = (): void => {
    for (const { descriptor } of folders.splice(0)) closeSync(descriptor);
  };
  const isLeft = (path: string): boolean =>
    lifted.some((each) => isWithin(path, each)) || isPlaceholder(join(workspace, path));
  try {
    for (const path of open) folders.push(folderAt(workspace, path));
  } finally {
    if (folders.length < open.length) release();
  }
  return {
    close: () => {
      try {
        return folders.flatMap((folder) => strayedIn(folder, isLeft));
      } finally {
        release();
      }
    },
  };
}

function folderAt(workspace: string, path: string): Folder {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const descriptor = openSync(join(workspace, path), flags);
  const names = readdirSync(inside(descriptor));
  const entries = names.map((name) => [name, entryAt(inside(descriptor, name))] as const);
  return { path, descriptor, entries: new Map(entries) };
}

const inside = (descriptor: number, name = ''): string => `/proc/self/fd/${descriptor}/${name}`;

function entryAt(place: string): Entry | undefined {
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return { inode: stats.ino, target: stats.isSymbolicLink() ? readlinkSync(place) : undefined };
}

function strayedIn(
  { path, descriptor, entries }: Folder,
  isLeft: (path: string) => boolean,
): readonly string[] {
  const names = new Set([...entries.keys(), ...readdirSync(inside(descriptor))]);
  return [...names].flatMap((name) => {
    const [place, before] = [inside(descriptor, name), entries.get(name)];
    const after = entryAt(place);
    const own = `${path}/${name}`;
    if (isLeft(own) || (before?.inode === after?.inode && before?.target === after?.target))
      return [];
    rmSync(place, { recursive: true, force: true });
    if (before?.target !== undefined) symlinkSync(before.target, place);
    return [own];
  });
}
