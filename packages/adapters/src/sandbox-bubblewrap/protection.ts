import { basename, dirname, relative } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Kept } from './kept.ts';
import { otherNames } from './links.ts';
import { isWithin, kindAt, waysTo } from './place.ts';
import { holding } from './placeholder.ts';

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

export interface Protecting extends Pick<Kept, 'readOnly'>, Partial<Pick<Kept, 'open'>> {
  /** Absolute paths, wherever they are; those in the workspace cannot be renamed away from what covers them. */
  readonly sockets?: readonly string[];
}

/**
 * Prepares paths of a workspace to be kept from writing: each is mounted read-only over itself, and
 * so are none of the folders above it writable in name (`mv dir aside` would otherwise leave its
 * place to a forgery). A missing path gets an empty placeholder, so that it cannot be created. Other
 * names of a protected file in the workspace are protected as well. Folders that are `open` are made
 * where they are missing, and cannot be renamed away either.
 * Refuses `sandbox.unavailable` for a path through a symlink, which no mount can cover.
 */
export function protect(
  workspace: string,
  { readOnly: paths, open = [], sockets = [] }: Protecting,
): Result<Protection> {
  const pinned = new Set<string>();
  const readOnly = new Set<string>();
  const { hold, release } = holding();
  const pin = (folder: string): boolean => {
    if (!hold(folder, true) || kindAt(folder) !== 'folder') return false;
    pinned.add(folder);
    return true;
  };
  const cover = (path: string): boolean => {
    const ways = waysTo(workspace, path);
    const target = ways.at(-1);
    if (target === undefined) return false;
    if (ways.some((way) => readOnly.has(way))) return true;
    if (!ways.slice(0, -1).every(pin)) return false;
    readOnly.add(target);
    return hold(target, path.endsWith('/') || basename(target) === '.git');
  };
  /** By a path relative to the workspace, all names of which are known once `paths` are covered. */
  const coverNames = (): boolean =>
    otherNames(workspace, [...readOnly]).every((path) => cover(relative(workspace, path)));
  const pinAbove = (socket: string): void => {
    if (!isWithin(socket, workspace)) return;
    waysTo(workspace, relative(workspace, dirname(socket))).forEach((way) => pinned.add(way));
  };
  const lost =
    open.find((path) => !attempt(() => waysTo(workspace, path).every(pin))) ??
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
