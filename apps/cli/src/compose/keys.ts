import { type KeyId, type Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { type SubjectKeys } from '@chancery/runtime/removal';
import { type Home } from '../home.ts';

export async function subjectKeysOf(home: Home): Promise<SubjectKeys> {
  const { subjectKeys } = await import('@chancery/adapters/keys-file');
  return subjectKeys(home.subjects);
}

/** The key in a file. Refuses `key.missing`, `key.exposed`, `key.invalid`. */
export async function loadKey(file: string): Promise<Result<Signer>> {
  const { loadSigner } = await import('@chancery/adapters/keys-file');
  return loadSigner(file);
}

/** A key that the ledger was founded with: no other can take its place. Refuses as `loadKey`. */
export async function foundedKey(file: string): Promise<Result<Signer>> {
  const key = await loadKey(file);
  if (key.ok || key.refusal.code !== 'key.missing') return key;
  return refused('key.missing', key.refusal.message, {
    remedy: `Restore ${file} from a copy: no other key can take its place.`,
  });
}

/** A key in a file of the home. */
export interface KeyFile {
  readonly id: KeyId;
  readonly label: string;
  readonly file: string;
}

/** Keys of the home, by their names. Refuses as `loadKey`. */
export async function keysIn(home: Home): Promise<Result<readonly KeyFile[]>> {
  const { listKeys } = await import('@chancery/adapters/keys-file');
  return listKeys(home.keys);
}

/** Makes a key in the home. Refuses `key.exists`, `key.invalid`, `ledger.unreachable`. */
export async function makeKey(home: Home, label: string): Promise<Result<KeyFile>> {
  const { createKey } = await import('@chancery/adapters/keys-file');
  return createKey(home.keys, label);
}

/** See `prepareSuccessor`, `pendingSuccessor` and `putInPlace` of the keys in files. */
export async function succession(home: Home, label: string) {
  const keys = await import('@chancery/adapters/keys-file');
  return {
    prepare: () => keys.prepareSuccessor(home.keys, label),
    pending: () => keys.pendingSuccessor(home.keys, label),
    putInPlace: () => keys.putInPlace(home.keys, label),
  };
}

/** The key of this name, made where there is none. */
export async function ensureKey(home: Home, label: string, file: string): Promise<Result<Signer>> {
  const { createKey } = await import('@chancery/adapters/keys-file');
  const made = createKey(home.keys, label);
  if (made.ok) return done(made.value.signer);
  return made.refusal.code === 'key.exists' ? loadKey(file) : made;
}
