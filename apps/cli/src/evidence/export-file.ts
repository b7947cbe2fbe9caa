import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import type { ExportFile } from '@chancery/runtime/transfer';
import { systemCodeOf } from '../exit.ts';

/** An export in a file of the system. */
export interface OpenExportFile extends ExportFile {
  /** Bytes that it has. */
  size(): Promise<number>;
  /** Adds to the end. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when all that was added is on disk, and the name of the file. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What is no file is seen to be none, and not waited for. */
const reading = constants.O_RDONLY | constants.O_NONBLOCK;

/** Reads and adds; makes the file where there is none, and goes through no link in its place. */
const adding = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/**
 * Opens an export to read it, or, with `a+`, to write it; then it is made where there is none, for its
 * user alone. Who could put a link in its place would have it written over another file: that is refused.
 * Rejects with `usage.invalid` for a file that cannot be opened.
 */
export async function openExportFile(path: string, mode: 'r' | 'a+'): Promise<OpenExportFile> {
  const handle = await opened(path, mode);
  const guarded = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      throw failure(path, error);
    }
  };
  return {
    read: (offset, length) => guarded(() => readFully(handle, offset, length)),
    size: () => guarded(async () => (await handle.stat()).size),
    append: (bytes) => guarded(() => handle.appendFile(bytes)),
    sync: () => guarded(() => syncWithName(handle, path)),
    close: () => handle.close(),
  };
}

async function opened(path: string, mode: 'r' | 'a+'): Promise<FileHandle> {
  try {
    const handle = await open(path, mode === 'r' ? reading : adding, 0o600);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    const why = code === 'ELOOP' ? 'is a symbolic link' : `cannot be opened (${code})`;
    throw new RefusalError(refusal('usage.invalid', `${path} ${why}`));
  }
  throw new RefusalError(refusal('usage.invalid', `${path} is not a file`));
}

/** The name of a new file is durable with its folder. */
async function syncWithName(handle: FileHandle, path: string): Promise<void> {
  await handle.sync();
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A read of the system may give less than it was asked for. */
async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function failure(path: string, error: unknown): unknown {
  const code = systemCodeOf(error);
  if (code === undefined) return error;
  return new RefusalError(
    refusal('ledger.unreachable', `${path} cannot be read or written (${code})`, {
      remedy: 'Check that the file can be read, and that its disk has room; then try again.',
    }),
  );
}
