import { lstatSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { refusal, type Refusal } from '@chancery/kernel/refusal';

/** Folders that the sandbox makes itself: nothing of the machine is shown at or below them. */
const ownFolders = ['/proc', '/sys', '/dev', '/run'];

/** Folders of the system: a workspace in one of them would make a part of it writable. */
const systemFolders = [
  ...ownFolders,
  '/bin',
  '/boot',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/sbin',
  '/usr',
];

export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);

/** What is at the path itself, without following a symlink. */
export function kindAt(path: string): 'file' | 'folder' | 'symlink' | 'other' | 'missing' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'missing';
  if (found.isDirectory()) return 'folder';
  if (found.isFile()) return 'file';
  return found.isSymbolicLink() ? 'symlink' : 'other';
}

/** Absolute paths of each step to a path of the workspace, its own last; none of one that leads out of it. */
export function waysTo(workspace: string, path: string): readonly string[] {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.includes('..')) return [];
  return steps.map((_, index) => join(workspace, ...steps.slice(0, index + 1)));
}

/** A home or what holds one. Below /home every folder is somebody's, whether it can be listed or not. */
const isHome = (path: string): boolean =>
  dirname(path) === '/home' || ['/home', '/root', homedir()].some((home) => isWithin(home, path));

const unfit = (what: string): Refusal =>
  refusal('sandbox.unavailable', what, {
    remedy: 'Name a folder of its own for the workspace, by its real absolute path.',
  });

const unshared = (what: string): Refusal =>
  refusal('sandbox.unavailable', what, {
    remedy: 'Share a narrower folder, by its real absolute path.',
  });

/** Refuses a workspace whose writable mount would open more than a workspace. */
export function checkWorkspace(path: string): Refusal | undefined {
  if (!isRealPath(path)) return unfit('the workspace is not an absolute path free of symlinks');
  if (kindAt(path) !== 'folder') return unfit('the workspace is not a folder');
  if (
    ['/', '/tmp', '/var', '/var/tmp', '/home', '/root', '/opt', '/srv', '/mnt', '/media'].includes(
      path,
    )
  ) {
    return unfit('the workspace is a shared folder of the system');
  }
  if (systemFolders.some((folder) => isWithin(path, folder))) {
    return unfit('the workspace is inside a folder of the system');
  }
  if (isHome(path)) {
    return unfit('the workspace is a home folder or holds one');
  }
  return undefined;
}

/**
 * Refuses an extra readable path that would undo the confinement; an absent one is no danger.
 * `hidden`: absolute paths that it may neither hold nor lie in.
 */
export function checkReadable(path: string, hidden: readonly string[]): Refusal | undefined {
  if (path.startsWith('/') && kindAt(path) === 'missing') return undefined;
  if (!isRealPath(path)) return unshared('a readable path is not absolute and free of symlinks');
  if (path === '/' || path === '/tmp' || ownFolders.some((folder) => isWithin(path, folder))) {
    return unshared('a readable path takes the place of a folder that the sandbox makes itself');
  }
  if (isHome(path)) return unshared('a readable path is a home folder or holds one');
  const touches = (place: string): boolean => isWithin(place, path) || isWithin(path, place);
  if (hidden.some((place) => touches(place) || touches(realPlace(place)))) {
    return unshared('a readable path leads to what no command may see');
  }
  return undefined;
}

/** The path without symlinks, as far as it exists. */
function realPlace(path: string): string {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return realpathSync.native(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPlace(parent), basename(path));
}

function isRealPath(path: string): boolean {
  if (!path.startsWith('/') || kindAt(path) === 'missing') return false;
  return realpathSync.native(path) === path;
}
