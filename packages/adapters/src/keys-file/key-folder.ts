import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import {
  isKeyLabel,
  readKey,
  readStored,
  secretsOf,
  writeKey,
  type KeyInfo,
  type LoadedKey,
  type StoredKey,
} from './key-file.ts';
import { namesIn, placePrivateFile, readPrivateFile } from './private-file.ts';

export const keySuffix = '.key.json';

/**
 * Makes a key in `<folder>/<label>.key.json`, readable by its owner only, in a folder that is made
 * so too where the one above it is there. It is on disk, whole, when this returns; a file that exists is never overwritten.
 * Refuses `key.exists`, `key.invalid` (a label other than `[a-z0-9][a-z0-9._-]*`, up to 63),
 * `ledger.unreachable` (the folder cannot be written).
 */
export function createKey(folder: string, label: string): Result<LoadedKey> {
  if (!isKeyLabel(label)) return refused('key.invalid', `a key cannot be called "${label}"`);
  const file = join(folder, label + keySuffix);
  const text = writeKey(label, randomBytes(32));
  const placed = placePrivateFile(folder, label + keySuffix, text);
  return placed.ok ? readKey(text, file) : placed;
}

/**
 * Who the key of a file is, and what it is under. The file that is opened, behind any symlink, must be
 * a regular one that belongs to this user (or to root) and that nobody else may touch.
 * Refuses `key.missing`, `key.exposed`, `key.invalid`.
 */
export function readStoredKey(file: string): Result<StoredKey> {
  const text = readPrivateFile(file);
  return text.ok ? readStored(text.value, file) : text;
}

/** Loads a key. Refuses as `readStoredKey`, and `passphrase.missing` for one that is under one. */
export function loadKey(file: string): Result<LoadedKey> {
  const text = readPrivateFile(file);
  if (!text.ok) return text;
  const stored = readStored(text.value, file);
  if (!stored.ok) return stored;
  return stored.value.sealed === undefined
    ? readKey(text.value, file)
    : refused('passphrase.missing', `${file} is under a passphrase`);
}

/** The signer of a key file; refuses as `loadKey` does. */
export function loadSigner(file: string): Result<Signer> {
  const key = loadKey(file);
  return key.ok ? done(key.value.signer) : key;
}

/**
 * The secrets of all keys of a folder, to be guarded; of those that can be read, since a key that cannot
 * be is of no use to anybody here. Refuses `ledger.unreachable` where the disk fails.
 */
export function keySecrets(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(keySuffix))
    .flatMap((name) => {
      const text = readPrivateFile(join(folder, name));
      return text.ok ? secretsOf(text.value) : [];
    });
}

/**
 * Keys of a folder, by label; a missing folder has none. Files without the suffix are passed over;
 * one bad key file refuses the whole, like `loadKey`.
 */
export function listKeys(folder: string): Result<readonly KeyInfo[]> {
  const keys: KeyInfo[] = [];
  for (const name of namesIn(folder)
    .filter((found) => found.endsWith(keySuffix))
    .sort()) {
    const key = readStoredKey(join(folder, name));
    if (!key.ok) return key;
    const { id, label, file } = key.value;
    keys.push({ id, label, file });
  }
  return done(keys);
}
