import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { isKeyLabel, readKey, writeKey, type KeyInfo, type LoadedKey } from './key-file.ts';

const suffix = '.key.json';
/** Permissions that somebody beside the owner has. */
const othersMask = 0o077;
const maxBytes = 4096;

/**
 * Makes a key in `<folder>/<label>.key.json`, readable by its owner only, in a folder that is made
 * so too where the one above it is there. It is on disk, whole, when this returns; a file that exists is never overwritten.
 * Refuses `key.exists`, `key.invalid` (a label other than `[a-z0-9][a-z0-9._-]*`, up to 63),
 * `ledger.unreachable` (the folder cannot be written).
 */
export function createKey(folder: string, label: string): Result<LoadedKey> {
  if (!isKeyLabel(label)) return refused('key.invalid', `a key cannot be called "${label}"`);
  const file = join(folder, label + suffix);
  const text = writeKey(label, randomBytes(32));
  try {
    makeFolder(folder);
    place(text, join(folder, `.${label}.${randomBytes(8).toString('hex')}.tmp`), file);
    syncFolder(folder);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    if (code === 'EEXIST') return refused('key.exists', `${file} exists`);
    return refused('ledger.unreachable', `${folder} cannot be written (${code})`);
  }
  return readKey(text, file);
}

/** Not recursive: that form never ends in a folder that takes no other, as below /proc. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  }
}

/** A link, unlike a rename, refuses to replace; and no reader ever sees half a key. */
function place(text: string, draft: string, file: string): void {
  writeDurably(draft, text);
  try {
    linkSync(draft, file);
  } finally {
    unlinkSync(draft);
  }
}

/**
 * Loads a key. The file that is opened, behind any symlink, must be a regular one that belongs to
 * this user (or to root) and that nobody else may touch.
 * Refuses `key.missing`, `key.exposed`, `key.invalid`.
 */
export function loadKey(file: string): Result<LoadedKey> {
  const opened = openKey(file);
  if (!opened.ok) return opened;
  try {
    const text = readPrivate(opened.value, file);
    return text.ok ? readKey(text.value, file) : text;
  } finally {
    closeSync(opened.value);
  }
}

/** The signer of a key file; refuses as `loadKey` does. */
export function loadSigner(file: string): Result<Signer> {
  const key = loadKey(file);
  return key.ok ? done(key.value.signer) : key;
}

/**
 * Keys of a folder, by label; a missing folder has none. Files without the suffix are passed over;
 * one bad key file refuses the whole, like `loadKey`.
 */
export function listKeys(folder: string): Result<readonly KeyInfo[]> {
  const keys: KeyInfo[] = [];
  for (const name of namesIn(folder)
    .filter((found) => found.endsWith(suffix))
    .sort()) {
    const key = loadKey(join(folder, name));
    if (!key.ok) return key;
    const { id, label, file } = key.value;
    keys.push({ id, label, file });
  }
  return done(keys);
}

function writeDurably(file: string, text: string): void {
  const exclusive =
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const descriptor = openSync(file, exclusive, 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function openKey(file: string): Result<number> {
  try {
    // Without waiting, should it be a pipe.
    return done(openSync(file, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    return refused('key.missing', `${file} cannot be opened (${code})`);
  }
}

function readPrivate(descriptor: number, file: string): Result<string> {
  const stat = fstatSync(descriptor);
  const { mode, uid, size } = stat;
  if (!stat.isFile()) return refused('key.invalid', `${file} is not a file`);
  if ((mode & othersMask) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(3, '0');
    return refused('key.exposed', `${file} has mode ${octal}`);
  }
  if (uid !== 0 && uid !== process.getuid?.()) {
    return refused('key.exposed', `${file} belongs to another user`);
  }
  if (size > maxBytes) return refused('key.invalid', `${file} is too large for a key`);
  const buffer = Buffer.alloc(maxBytes);
  return done(buffer.toString('utf8', 0, readSync(descriptor, buffer)));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function errorCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
