import {
  constants,
  closeSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from './file-content.ts';
import {
  plant,
  recordedFile,
  removeChild,
  stampOf,
  type FileNode,
  type FolderNode,
} from './node.ts';
import { fileModeOf, type FileMode } from './object.ts';
import { readObjects, type ListedEntry } from './object-reader.ts';
import { openUp, removeAll } from './removal.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** A file that is to be. */
export interface WantedFile {
  readonly path: string;
  readonly mode: FileMode;
  readonly id: string;
}

/** The files of a listing of a tree of the snapshot store. */
export function filesOf(entries: readonly ListedEntry[]): WantedFile[] {
  return entries.flatMap(({ path, mode, id }) =>
    path === undefined || mode === '040000' ? [] : [{ path, mode: fileModeOf(mode), id }],
  );
}

export interface Destination {
  readonly root: string;
  /** See `removeAll`. */
  readonly trash: string;
}

const newFile = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;

/**
 * Writes files below a folder, replacing whatever stands in their way, and puts them into `tree`.
 * No link is followed and no file is written in place, so that neither a link nor a second name of
 * a file leads a change out of the folder. Their nodes are not settled.
 */
export async function writeFiles(
  store: SnapshotStore,
  files: readonly WantedFile[],
  destination: Destination,
  tree: FolderNode,
): Promise<FileNode[]> {
  const byContent = Map.groupBy(files, ({ id }) => id);
  const folders = new Set<string>();
  const written: FileNode[] = [];
  for await (const { id, bytes } of readObjects(store.place, [...byContent.keys()])) {
    for (const file of byContent.get(id) ?? []) {
      makeFolders(file.path, destination, folders);
      const place = join(destination.root, file.path);
      const stats = writeFile(place, file.mode, bytes, destination.trash);
      const { mode } = file;
      const node: FileNode = { ...recordedFile(mode, id), stamp: stampOf(stats) };
      plant(tree, file.path, () => node);
      written.push(node);
    }
  }
  return written;
}

function writeFile(place: string, mode: FileMode, bytes: Buffer, trash: string): Stats {
  if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) {
    removeAll(Buffer.from(place), trash);
  }
  if (mode === '120000') {
    symlinkSync(bytes, place);
    return lstatSync(place);
  }
  const file = openSync(place, newFile, mode === '100755' ? 0o777 : 0o666);
  try {
    writeFileSync(file, bytes);
    const { mode: made } = lstatSync(place);
    // A mask that takes the owner's bit would record another mode than the one that is wanted.
    if (mode === '100755' && (made & 0o100) === 0) fchmodSync(file, made | 0o100);
  } finally {
    closeSync(file);
  }
  return lstatSync(place);
}

/** Makes the folders above a path, each a real one that the owner may write. */
function makeFolders(path: string, { root, trash }: Destination, made: Set<string>): void {
  const folder = dirname(path);
  if (made.has(folder)) return;
  if (folder !== '.') makeFolders(folder, { root, trash }, made);
  const place = folder === '.' ? root : join(root, folder);
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) openUp(place, stats.mode);
  else {
    if (stats !== undefined) unlinkSync(place);
    mkdirSync(place);
  }
  made.add(folder);
}

/**
 * Removes the files of `tree` that `wanted` does not hold at the same path, and the folders that
 * are empty then. Ignored files are not in the tree and stay, with the folders that hold them.
 */
export function removeUnwanted(
  tree: FolderNode,
  wanted: ReadonlyMap<string, WantedFile>,
  destination: Destination,
): void {
  removeBelow(tree, '', { wanted, destination });
}

interface Removal {
  readonly wanted: ReadonlyMap<string, WantedFile>;
  readonly destination: Destination;
}

function removeBelow(folder: FolderNode, path: string, removal: Removal): void {
  const { root } = removal.destination;
  let open = false;
  const place = path === '' ? root : `${root}/${path}`;
  const reach = (): void => {
    if (!open) openUp(place, lstatSync(place).mode);
    open = true;
  };
  for (const [name, node] of folder.children) {
    const below = path === '' ? name : `${path}/${name}`;
    if (node.kind === 'folder') {
      removeBelow(node, below, removal);
      if (node.children.size > 0) continue;
      reach();
      removeIfEmpty(`${root}/${below}`);
      removeChild(folder, name);
    } else if (!removal.wanted.has(below)) {
      reach();
      unlinkSync(`${root}/${below}`);
      removeChild(folder, name);
    }
  }
}

function removeIfEmpty(place: string): void {
  try {
    rmdirSync(place);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTEMPTY') throw error;
  }
}
