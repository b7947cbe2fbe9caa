import { closeSync, lstatSync, mkdirSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { kindAt } from './place.ts';

/** A mount point that stands in a workspace only while commands run there. */
interface Placeholder {
  readonly inode: number;
  readonly folder: boolean;
  users: number;
}

const placeholders = new Map<string, Placeholder>();

/** Whether a path stands there for a command that runs now. */
export const isPlaceholder = (path: string): boolean => placeholders.has(path);

/** Places that one run holds. */
export interface Holding {
  /** Makes what is missing: a folder or a file, which is empty. False for what is neither. */
  readonly hold: (path: string, folder: boolean) => boolean;
  /** Removes what was made and no other run holds, but folders in which something is by now. */
  readonly release: () => void;
}

export function holding(): Holding {
  const held: string[] = [];
  return {
    hold: (path, folder) => {
      const placeholder = placeholders.get(path);
      if (placeholder !== undefined) placeholder.users += 1;
      else if (kindAt(path) === 'missing') makePlaceholder(path, folder);
      else return ['file', 'folder'].includes(kindAt(path));
      held.push(path);
      return true;
    },
    release: () => {
      for (const path of held.splice(0).reverse()) {
        const placeholder = placeholders.get(path);
        if (placeholder === undefined) continue;
        placeholder.users -= 1;
        if (placeholder.users === 0) removePlaceholder(path, placeholder);
      }
    },
  };
}

/** An empty folder reads like none to whoever looks for a repository; an empty file like no settings. */
function makePlaceholder(path: string, folder: boolean): void {
  if (folder) mkdirSync(path);
  else closeSync(openSync(path, 'wx', 0o444));
  placeholders.set(path, { inode: lstatSync(path).ino, folder, users: 1 });
}

function removePlaceholder(path: string, placeholder: Placeholder): void {
  placeholders.delete(path);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.ino !== placeholder.inode) return;
  if (placeholder.folder) removeEmpty(path);
  else unlinkSync(path);
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY') return;
    throw error;
  }
}
