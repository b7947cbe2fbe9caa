import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { isKeyLabel, readKey, writeKey, type KeyInfo } from './key-file.ts';
import { keySuffix, readStoredKey } from './key-folder.ts';
import { keepAside, placePrivateFile, replacePrivateFile } from './private-file.ts';
import { sealedText, type Seal } from './sealed-key.ts';

const nextSuffix = '.next.json';

/**
 * The key that is to take the place of `<folder>/<label>.key.json`, made where there is none yet, in
 * `<label>.next.json`, which no listing shows. One that exists is never overwritten: the ledger
 * may know it already. With `seal` it is under a passphrase. Refuses as `createKey` and `readStoredKey`.
 */
export async function prepareSuccessor(
  folder: string,
  label: string,
  seal?: Seal,
): Promise<Result<KeyInfo>> {
  if (!isKeyLabel(label)) return refused('key.invalid', `a key cannot be called "${label}"`);
  const file = join(folder, label + nextSuffix);
  const plain = writeKey(label, randomBytes(32));
  const key = readKey(plain, file);
  if (!key.ok) return key;
  const text = seal === undefined ? plain : await sealedText(key.value, plain, seal);
  const placed = placePrivateFile(folder, label + nextSuffix, text);
  if (placed.ok) return key;
  return placed.refusal.code === 'key.exists' ? readStoredKey(file) : placed;
}

/** The successor that was prepared and has not taken its place; undefined where there is none. */
export function pendingSuccessor(folder: string, label: string): Result<KeyInfo | undefined> {
  const next = readStoredKey(join(folder, label + nextSuffix));
  return next.ok || next.refusal.code !== 'key.missing' ? next : done(undefined);
}

/**
 * Puts the successor in its place. The old key is kept as `<label>.<12 digits of its id>.old.json`,
 * and is there, durably, before its place is taken; no moment is without a whole key in the place, and
 * what was cut off is completed by asking again. Answers the file of the old one. Refuses as
 * `readStoredKey` does, and `ledger.unreachable`.
 */
export function putInPlace(folder: string, label: string): Result<string> {
  const current = readStoredKey(join(folder, label + keySuffix));
  if (!current.ok) return current;
  const next = readStoredKey(join(folder, label + nextSuffix));
  if (!next.ok) return next;
  const digits = current.value.id.slice('ed25519:'.length).slice(0, 12);
  const aside = `${label}.${digits}.old.json`;
  const kept = keepAside(folder, label + keySuffix, aside);
  if (!kept.ok) return kept;
  const placed = replacePrivateFile(folder, label + nextSuffix, label + keySuffix);
  return placed.ok ? done(join(folder, aside)) : placed;
}
