import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Writes a file of a folder whole or not at all, for its owner alone; durable when it returns. */
export function writeDurably(folder: string, name: string, text: string): void {
  renameSync(draftOf(folder, name, text), join(folder, name));
  syncFolder(folder);
}

/** As `writeDurably`, where there is no such file; answers whether there was none. */
export function placeDurably(folder: string, name: string, text: string): boolean {
  const draft = draftOf(folder, name, text);
  try {
    // A link, unlike a rename, refuses to replace.
    linkSync(draft, join(folder, name));
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
  syncFolder(folder);
  return true;
}

function draftOf(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${name}.${randomBytes(8).toString('hex')}.new`);
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  return draft;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function errorCodeOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined) throw error;
  return code;
}
