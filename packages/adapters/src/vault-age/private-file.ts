import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';

const othersMask = 0o077;
const maxBytes = 16 * 1_048_576;

/**
 * What a file holds that nobody else may touch: behind any symlink a regular one of this user, or of
 * root. Refuses `vault.missing`, `vault.exposed`, `vault.corrupt`.
 */
export function readPrivate(file: string): Result<Uint8Array> {
  let descriptor: number;
  try {
    // Without waiting, should it be a pipe.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCodeOf(error);
    // A file that is there and cannot be read is no reason to make another.
    if (code === 'ENOENT') return refused('vault.missing', `${file} is not there`);
    return refused('vault.corrupt', `${file} cannot be opened (${code})`);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return refused('vault.corrupt', `${file} is not a file`);
    if ((stats.mode & othersMask) !== 0) {
      const mode = (stats.mode & 0o777).toString(8).padStart(3, '0');
      return refused('vault.exposed', `${file} has mode ${mode}`);
    }
    if (stats.uid !== 0 && stats.uid !== process.getuid?.()) {
      return refused('vault.exposed', `${file} belongs to another user`);
    }
    if (stats.size > maxBytes) return refused('vault.corrupt', `${file} is too large for a vault`);
    return done(new Uint8Array(readFileSync(descriptor)));
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a file for its owner alone, in place of one that is there; whole and durable, or not at all. */
export function replacePrivate(file: string, content: Uint8Array | string): void {
  renameSync(draftOf(file, content), file);
  syncFolder(dirname(file));
}

/** As `replacePrivate`, where there is none; answers whether there was none. */
export function placePrivate(file: string, content: Uint8Array | string): boolean {
  const draft = draftOf(file, content);
  try {
    // A link, unlike a rename, refuses to replace.
    linkSync(draft, file);
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
  syncFolder(dirname(file));
  return true;
}

function draftOf(file: string, content: Uint8Array | string): string {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${basename(file)}.${randomBytes(8).toString('hex')}.new`);
  writeFileSync(draft, content, { flag: 'wx', mode: 0o600, flush: true });
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

function errorCodeOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined) throw error;
  return code;
}
