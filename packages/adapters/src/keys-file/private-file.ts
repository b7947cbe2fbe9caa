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
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { done, refused, type Refused, type Result } from '@chancery/kernel/refusal';

/** Permissions that somebody beside the owner has. */
const othersMask = 0o077;
/** Permission to write that somebody beside the owner has. */
const othersChange = 0o022;
/** In a folder with this bit each may remove and rename what is his own alone. */
const sticky = 0o1000;
const maxBytes = 4096;

/**
 * Writes a file of this name, readable by its owner only, in a folder that is made so too. It is on
 * disk, whole, when this returns; a file that exists is never overwritten. Refuses `key.exists`,
 * `ledger.unreachable`.
 */
export function placePrivateFile(folder: string, name: string, text: string): Result<null> {
  const file = join(folder, name);
  try {
    makeFolder(folder);
    place(text, join(folder, `.${name}.${randomBytes(8).toString('hex')}.tmp`), file);
    syncFolder(folder);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    if (code === 'EEXIST') return refused('key.exists', `${file} exists`);
    return refused('ledger.unreachable', `${folder} cannot be written (${code})`);
  }
  return done(null);
}

/**
 * What a file holds that nobody else may touch. The file that is opened, behind any symlink, must be
 * a regular one that belongs to this user (or to root).
 * Refuses `key.missing`, `key.exposed`, `key.invalid`; `ledger.unreachable` where the disk fails.
 */
export function readPrivateFile(file: string): Result<string> {
  const opened = openKey(file);
  if (!opened.ok) return opened;
  try {
    const text = readPrivate(opened.value, file);
    return text.ok ? (inSafeFolder(file) ?? text) : text;
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    return refused('ledger.unreachable', `${file} cannot be read (${code})`);
  } finally {
    closeSync(opened.value);
  }
}

/**
 * Writes zeros over a file and removes it, for good when this returns; one that is not there is gone
 * already. Where a disk keeps what was written over, it is not for a file system to say. Refuses
 * `ledger.unreachable`.
 */
export function destroyPrivateFile(folder: string, name: string): Result<null> {
  const file = join(folder, name);
  try {
    blank(file);
    unlinkSync(file);
    syncFolder(folder);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    if (code !== 'ENOENT')
      return refused('ledger.unreachable', `${file} cannot be removed (${code})`);
  }
  return done(null);
}

/**
 * Writes a file of this name in place of the one that is there, durably and in one step; then writes
 * zeros over what was there before, which nobody has a name for any more. Refuses `ledger.unreachable`.
 */
export function rewritePrivateFile(folder: string, name: string, text: string): Result<null> {
  return changing(folder, () => {
    const file = join(folder, name);
    const draft = join(folder, `.${name}.${randomBytes(8).toString('hex')}.tmp`);
    const before = openSync(file, constants.O_WRONLY | constants.O_NOFOLLOW);
    try {
      writeDurably(draft, text);
      renameSync(draft, file);
      syncFolder(folder);
      zero(before);
    } finally {
      closeSync(before);
    }
  });
}

/**
 * Gives a file a second name, durably; one that has it already is left as it is. Refuses
 * `ledger.unreachable`.
 */
export function keepAside(folder: string, name: string, aside: string): Result<null> {
  return changing(folder, () => {
    try {
      linkSync(join(folder, name), join(folder, aside));
    } catch (error) {
      if (errorCodeOf(error) !== 'EEXIST') throw error;
    }
  });
}

/** Puts a file in the place of another, durably and in one step. Refuses `ledger.unreachable`. */
export function replacePrivateFile(folder: string, from: string, to: string): Result<null> {
  return changing(folder, () => {
    renameSync(join(folder, from), join(folder, to));
  });
}

function changing(folder: string, change: () => void): Result<null> {
  try {
    change();
    syncFolder(folder);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    return refused('ledger.unreachable', `${folder} cannot be written (${code})`);
  }
  return done(null);
}

function blank(file: string): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    zero(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function zero(descriptor: number): void {
  writeSync(descriptor, Buffer.alloc(fstatSync(descriptor).size));
  fsyncSync(descriptor);
}

/**
 * Not recursive: that form never ends in a folder that takes no other, as below /proc. The name of a
 * folder is durable with the one that it is in; who made it before may not have come so far.
 */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  }
  syncFolder(dirname(folder));
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
    // One that is there, and is not ours to open, is not gone.
    const isThere = code === 'EACCES' || code === 'EPERM';
    return refused(
      isThere ? 'ledger.unreachable' : 'key.missing',
      `${file} cannot be opened (${code})`,
    );
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
    return refused('key.exposed', `${file} belongs to another user`, {
      remedy: 'Name a key of your own.',
    });
  }
  if (size > maxBytes) return refused('key.invalid', `${file} is too large for a key`);
  const buffer = Buffer.alloc(maxBytes);
  return done(buffer.toString('utf8', 0, readSync(descriptor, buffer)));
}

/** Who may put another file in its place has the key as good as changed; a folder as /tmp keeps that from them. */
function inSafeFolder(file: string): Refused | undefined {
  const folder = dirname(realpathSync(file));
  const { mode, uid } = statSync(folder);
  if (uid !== 0 && uid !== process.getuid?.()) {
    return refused(
      'key.exposed',
      `${folder} belongs to another user, who may put other keys there`,
      {
        remedy: 'Keep your keys in a folder of your own.',
      },
    );
  }
  if ((mode & othersChange) === 0 || (mode & sticky) !== 0) return undefined;
  const octal = (mode & 0o7777).toString(8).padStart(3, '0');
  return refused('key.exposed', `others may change ${folder}, which has mode ${octal}`, {
    remedy: `Let nobody else change it: chmod go-w ${folder}.`,
  });
}

/** Names in a folder; a missing one has none. */
export function namesIn(folder: string): readonly string[] {
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
