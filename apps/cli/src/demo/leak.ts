import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the bytes of a text are below a folder: whole paths of files, and of git repositories that
 * have it in an object, which is compressed. Nothing is skipped and no link is followed.
 */
export function placesHolding(folder: string, text: string): readonly string[] {
  const sought = Buffer.from(text);
  return placesBelow(folder)
    .filter((place) => place.isFolder || readFileSync(place.path).includes(sought))
    .filter(({ isFolder, path }) => !isFolder || holdsObject(path, sought))
    .map(({ path }) => path);
}

interface FoundPlace {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Files and folders below a folder, links and sockets left out. */
function placesBelow(folder: string): readonly FoundPlace[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): readonly FoundPlace[] => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [{ path, isFolder: false }];
    return entry.isDirectory() ? [{ path, isFolder: true }, ...placesBelow(path)] : [];
  });
}

function holdsObject(folder: string, sought: Buffer): boolean {
  return isObjectStore(folder) && objectsOf(folder).includes(sought);
}

/** Folder of the objects of a git repository. */
function isObjectStore(path: string): boolean {
  return path.endsWith('/objects') && existsSync(join(path, '..', 'HEAD'));
}

const mostBytes = 1024 ** 3;

/** Contents of all objects, one after the other. */
function objectsOf(objects: string): Buffer {
  const args = ['cat-file', '--batch-all-objects', '--batch'];
  return execFileSync('git', ['--git-dir', join(objects, '..'), ...args], {
    maxBuffer: mostBytes,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
