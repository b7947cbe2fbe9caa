import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  utimesSync,
} from 'node:fs';
import { refusal, type Refusal } from '@chancery/kernel/refusal';
import { markChanged, stampOf, type FileNode, type FolderNode } from './node.ts';
import { objectId, type FileMode } from './object.ts';
import type { ObjectBatch } from './object-batch.ts';

/** Largest file that a snapshot takes: it passes through memory whole. */
export const largestFileBytes = 512 * 1024 * 1024;

/** Where contents go while they are read. */
export interface BlobSink {
  /** Takes the content of a file and answers its object id. */
  blob(bytes: Buffer): string;
  relieve(): Promise<void>;
}

export function keeping(batch: ObjectBatch): BlobSink {
  return { blob: (bytes) => batch.add('blob', bytes), relieve: () => batch.relieve() };
}

/** Ids only; for comparing files that are not to be recorded. */
export const naming: BlobSink = {
  blob: (bytes) => objectId('sha256', 'blob', bytes),
  relieve: async () => undefined,
};

/** Present time of the file system that `file` is on, in the ticks that it stamps files with. */
export function readClock(file: string): number {
  const now = new Date();
  utimesSync(file, now, now);
  return lstatSync(file).ctimeMs;
}

/** Name of the system's error, such as `ENOENT`. @throws what is not an error of the system. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined) throw error;
  return code;
}

interface Target {
  readonly place: string;
  readonly path: string;
  readonly node: FileNode;
  readonly folder: FolderNode;
}

/** Reads a file or link into its node; answers why it could not. Never follows a link. */
export function hashFile(
  target: Target,
  sink: BlobSink,
  clockMs: number,
): Refusal | 'gone' | undefined {
  try {
    return readInto(target, sink, clockMs);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'gone';
    return unsupported(target, `cannot be read (${code})`);
  }
}

function readInto(target: Target, sink: BlobSink, clockMs: number): Refusal | undefined {
  const { place, node } = target;
  const link = lstatSync(place);
  if (link.isSymbolicLink()) {
    if (/(?:^|\/)\.gitmodules$/i.test(target.path)) {
      return unsupported(target, 'is a symlink, which git refuses under this name');
    }
    accept(target, '120000', sink.blob(readlinkSync(place, { encoding: 'buffer' })));
    node.stamp = stampOf(link);
    node.settled = link.ctimeMs < clockMs;
    return undefined;
  }
  if (!link.isFile()) return unsupported(target, 'is neither a file nor a folder nor a symlink');
  const file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return unsupported(target, 'changed while it was read');
    if (stats.size > largestFileBytes) {
      return unsupported(target, `is larger than ${largestFileBytes} bytes`);
    }
    const mode = (stats.mode & 0o100) === 0 ? '100644' : '100755';
    // The status is older than the content: a change between the two shows at the next scan.
    accept(target, mode, sink.blob(readFileSync(file)));
    node.stamp = stampOf(stats);
    node.settled = stats.ctimeMs < clockMs;
    return undefined;
  } finally {
    closeSync(file);
  }
}

function accept({ node, folder }: Target, mode: FileMode, id: string): void {
  if (node.id === id && node.mode === mode) return;
  node.id = id;
  node.mode = mode;
  markChanged(folder);
}

function unsupported({ path }: Target, what: string): Refusal {
  return refusal('workspace.unsupported', `${JSON.stringify(path)} ${what}`, { details: { path } });
}
