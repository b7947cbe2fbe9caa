import { closeSync, lstatSync, mkdirSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { otherNames } from './links.ts';
import { isWithin, kindAt } from './place.ts';

/** A mount point that stands in a workspace only while commands run there. */
interface Placeholder {
  readonly inode: number;
  readonly folder: boolean;
  users: number;
}

const placeholders = new Map<string, Placeholder>();

export interface Protection {
  /** Folders on the way to a protected path; as mount points they cannot be renamed away. */
  readonly pinned: readonly string[];
  /** Protected paths themselves; every one exists. */
  readonly readOnly: readonly string[];
  /** Sockets that nothing can connect to. */
  readonly masked: readonly string[];
  /** Removes the mount points that were made for this run and that no other run uses. */
  release(): void;
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
  if (placeholder.folder) rmdirSync(path);
  else unlinkSync(path);
}

/**
 * Prepares paths of a workspace to be kept from writing: each is mounted read-only over itself, and
 * so are none of the folders above it writable in name (`mv dir aside` would otherwise leave its
 * place to a forgery). A missing path gets an empty placeholder, so that it cannot be created. Other
 * names of a protected file in the workspace are protected as well. `sockets`: absolute paths,
 * wherever they are; those in the workspace cannot be renamed away from what covers them.
 * Refuses `sandbox.unavailable` for a path through a symlink, which no mount can cover.
 */
export function protect(
  workspace: string,
  paths: readonly string[],
  sockets: readonly string[] = [],
): Result<Protection> {
  const pinned = new Set<string>();
  const readOnly = new Set<string>();
  const held: string[] = [];
  const hold = (path: string, folder: boolean): boolean => {
    const placeholder = placeholders.get(path);
    if (placeholder !== undefined) placeholder.users += 1;
    else if (kindAt(path) === 'missing') makePlaceholder(path, folder);
    else return ['file', 'folder'].includes(kindAt(path));
    held.push(path);
    return true;
  };
  const release = (): void => {
    for (const path of held.splice(0).reverse()) {
      const placeholder = placeholders.get(path);
      if (placeholder === undefined) continue;
      placeholder.users -= 1;
      if (placeholder.users === 0) removePlaceholder(path, placeholder);
    }
  };
  const cover = (path: string): boolean => {
    const steps = path.split('/').filter((step) => step !== '' && step !== '.');
    if (steps.length === 0 || steps.includes('..')) return false;
    const ways = steps.map((_, index) => join(workspace, ...steps.slice(0, index + 1)));
    if (ways.some((way) => readOnly.has(way))) return true;
    const [target = '', ...ancestors] = ways.reverse();
    for (const ancestor of ancestors.reverse()) {
      if (!hold(ancestor, true) || kindAt(ancestor) !== 'folder') return false;
      pinned.add(ancestor);
    }
    readOnly.add(target);
    return hold(target, path.endsWith('/') || basename(target) === '.git');
  };
  /** By a path relative to the workspace, all names of which are known once `paths` are covered. */
  const coverNames = (): boolean =>
    otherNames(workspace, [...readOnly]).every((path) => cover(relative(workspace, path)));
  const pinAbove = (socket: string): void => {
    if (!isWithin(socket, workspace)) return;
    const above = relative(workspace, dirname(socket)).split('/').filter(Boolean);
    above.forEach((_, index) => pinned.add(join(workspace, ...above.slice(0, index + 1))));
  };
  const lost =
    paths.find((path) => !attempt(() => cover(path))) ??
    (attempt(coverNames) ? undefined : 'another name of one');
  if (lost !== undefined) {
    release();
    return refused('sandbox.unavailable', `the path '${lost}' cannot be kept from writing`, {
      remedy: 'Protect a file or a folder of the workspace that no symlink leads to.',
    });
  }
  sockets.forEach(pinAbove);
  return done({
    // A protected folder needs no pin below it: nothing in it can be renamed.
    pinned: [...pinned].filter((path) => !readOnly.has(path)),
    readOnly: [...readOnly],
    masked: sockets,
    release,
  });
}

/** False as well when the system does not let us make a placeholder. */
function attempt(cover: () => boolean): boolean {
  try {
    return cover();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  }
}
