import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { Failed, changed } from './failure.ts';
import { Folder, inFolder } from './folder.ts';
import type { PathFacts } from './workspace-path.ts';

/** Largest file that is read or patched: it passes through memory whole. */
const largestFileBytes = 16 * 1024 * 1024;

export interface FileContent {
  readonly bytes: Buffer;
  /** Permission bits. */
  readonly permissions: number;
}

function parted(path: string): { readonly folders: readonly string[]; readonly name: string } {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  return { folders, name };
}

const openForReading = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Reads a file that the facts say is there. @throws {Failed} */
export function readWhole(root: string, facts: PathFacts): FileContent {
  if (facts.kind === 'absent') throw new Failed('file.missing', `${facts.path} does not exist`);
  if (facts.kind === 'folder') throw new Failed('file.not-a-file', `${facts.path} is a folder`);
  const { folders, name } = parted(facts.path);
  return inFolder(root, folders, (folder) => readChild(folder, name, facts.path));
}

/** Reads a file of an open folder, following no link. @throws {Failed} */
export function readChild(folder: Folder, name: string, path: string): FileContent {
  const file = openSync(folder.place(name), openForReading);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw changed(path);
    if (stats.size > largestFileBytes) {
      throw new Failed('file.too-large', `${path} has ${stats.size} bytes`);
    }
    return { bytes: readFileSync(file), permissions: stats.mode & 0o777 };
  } finally {
    closeSync(file);
  }
}

export interface WholeFile {
  readonly facts: PathFacts;
  readonly bytes: Uint8Array;
  readonly permissions: number;
}

/**
 * Puts a file in its place by renaming, so that it is there whole or not at all and another name
 * of the old file keeps the old content. Makes the folders above. @throws {Failed}
 */
export function writeWhole(root: string, file: WholeFile): void {
  const { facts } = file;
  if (facts.kind === 'folder') throw new Failed('file.not-a-file', `${facts.path} is a folder`);
  const { folders, name } = parted(facts.path);
  // A file that was there stands in folders that were there.
  const enter = facts.kind === 'absent' ? enterOrMake : undefined;
  inFolder(root, folders, (folder) => replaceChild(folder, name, file), enter);
}

function enterOrMake(folder: Folder, name: string): Folder {
  if (folder.status(name) === undefined) mkdirSync(folder.place(name));
  return folder.into(name);
}

const openNew = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

function replaceChild(
  folder: Folder,
  name: string,
  { facts, bytes, permissions }: WholeFile,
): void {
  const present = folder.status(name);
  const kind = present === undefined ? 'absent' : present.isFile() ? 'file' : 'other';
  if (kind !== facts.kind) throw changed(facts.path);
  const draft = folder.place(`.chancery-${randomUUID()}`);
  const handle = openSync(draft, openNew, permissions);
  try {
    writeFileSync(handle, bytes);
    // The mask of the process took bits that the old file had.
    if (kind === 'file') fchmodSync(handle, permissions);
    renameSync(draft, folder.place(name));
  } catch (error) {
    unlinkSync(draft);
    throw error;
  } finally {
    closeSync(handle);
  }
}
