import type { KeyId, Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { SubjectKeys } from '@chancery/runtime/removal';
import type { Home } from '../home.ts';
import { lockedKey, passphraseOf } from '../secrets/passphrase.ts';
import type { Session } from '../session.ts';
import { sealUnder, unsealWith } from './passphrases.ts';

type Environment = NodeJS.ProcessEnv;

export async function subjectKeysOf(home: Home): Promise<SubjectKeys> {
  const { subjectKeys } = await import('@chancery/adapters/keys-file');
  return subjectKeys(home.subjects);
}

/** What lies in the key files of a home, to be guarded. */
export async function keySecretsOf(home: Home): Promise<readonly string[]> {
  const { keySecrets } = await import('@chancery/adapters/keys-file');
  return keySecrets(home.keys);
}

/** Who the key of a file is; `sealed` tells that it is under a passphrase. */
export interface KeyOnDisk extends KeyFile {
  readonly sealed: boolean;
}

/** Who the key in a file is, whether it needs a passphrase or not. Refuses `key.missing`, `key.exposed`, `key.invalid`. */
export async function keyIn(file: string): Promise<Result<KeyOnDisk>> {
  const { readStoredKey } = await import('@chancery/adapters/keys-file');
  const stored = readStoredKey(file);
  if (!stored.ok) return stored;
  const { id, label, sealed } = stored.value;
  return done({ id, label, file, sealed: sealed !== undefined });
}

/** Keys that were opened by their passphrases: a person is asked once for each. */
const opened = new Map<string, Signer>();

/**
 * The key in a file, opened by its passphrase where it has one. Refuses `key.missing`, `key.exposed`,
 * `key.invalid`, `passphrase.missing`, `passphrase.wrong`.
 */
async function loadKey(file: string, env: Environment): Promise<Result<Signer>> {
  const { loadSigner, openSealedKey, readStoredKey } = await import('@chancery/adapters/keys-file');
  const stored = readStoredKey(file);
  if (!stored.ok) return stored;
  if (stored.value.sealed === undefined) return loadSigner(file);
  const known = opened.get(stored.value.sealed);
  if (known !== undefined) return done(known);
  const passphrase = await passphraseOf(lockedKey(file), env);
  if (!passphrase.ok) return passphrase;
  const key = await openSealedKey(file, unsealWith(passphrase.value, file));
  if (!key.ok) return key;
  opened.set(stored.value.sealed, key.value.signer);
  return done(key.value.signer);
}

/** A key that the ledger was founded with: no other can take its place. Refuses as `loadKey`. */
export async function foundedKey(file: string, env: Environment): Promise<Result<Signer>> {
  const key = await loadKey(file, env);
  if (key.ok || key.refusal.code !== 'key.missing') return key;
  return refused('key.missing', key.refusal.message, {
    remedy: `Restore ${file} from a copy: no other key can take its place.`,
  });
}

const ofAgent = 'ssh-agent:';

/**
 * Whoever signs on the command line: the key of a file, or of the SSH agent where it is named as
 * `ssh-agent:` and its comment or id; the owner's where none is named. Refuses as `loadKey`.
 */
export async function signingKey(
  { home, env }: Pick<Session, 'home' | 'env'>,
  named: string | undefined,
): Promise<Result<Signer>> {
  if (named === undefined) return foundedKey(home.ownerKey, env);
  if (!named.startsWith(ofAgent)) return loadKey(named, env);
  const { agentSigner } = await import('@chancery/adapters/keys-ssh-agent');
  const socket = agentSocket(env);
  return socket.ok ? agentSigner(socket.value, named.slice(ofAgent.length)) : socket;
}

/** Keys that the SSH agent holds, as `signingKey` takes them. Refuses `key.missing`, `key.invalid`. */
export async function keysOfAgent(env: Environment): Promise<Result<readonly KeyFile[]>> {
  const { agentKeys } = await import('@chancery/adapters/keys-ssh-agent');
  const socket = agentSocket(env);
  const keys = socket.ok ? agentKeys(socket.value) : socket;
  if (!keys.ok) return keys;
  return done(
    keys.value.map(({ id, comment }) => ({ id, label: comment, file: `${ofAgent}${comment}` })),
  );
}

function agentSocket({ SSH_AUTH_SOCK }: Environment): Result<string> {
  if (SSH_AUTH_SOCK !== undefined && SSH_AUTH_SOCK !== '') return done(SSH_AUTH_SOCK);
  return refused('key.missing', 'there is no SSH agent: SSH_AUTH_SOCK is not set', {
    remedy: 'Start one (`eval "$(ssh-agent)"`), or name a key file.',
  });
}

/** A key in a file of the home. */
export interface KeyFile {
  readonly id: KeyId;
  readonly label: string;
  readonly file: string;
}

/** Keys of the home, by their names. Refuses as `keyIn`. */
export async function keysIn(home: Home): Promise<Result<readonly KeyFile[]>> {
  const { listKeys } = await import('@chancery/adapters/keys-file');
  return listKeys(home.keys);
}

/** Makes a key in the home. Refuses `key.exists`, `key.invalid`, `ledger.unreachable`. */
export async function makeKey(home: Home, label: string): Promise<Result<KeyFile>> {
  const { createKey } = await import('@chancery/adapters/keys-file');
  return createKey(home.keys, label);
}

/**
 * See `prepareSuccessor`, `pendingSuccessor` and `putInPlace` of the keys in files. The successor of a
 * key under a passphrase is under the same.
 */
export async function succession(home: Home, { label, file, sealed }: KeyOnDisk, env: Environment) {
  const keys = await import('@chancery/adapters/keys-file');
  return {
    prepare: async () => {
      if (!sealed) return keys.prepareSuccessor(home.keys, label);
      const passphrase = await passphraseOf(lockedKey(file), env);
      if (!passphrase.ok) return passphrase;
      const current = await keys.openSealedKey(file, unsealWith(passphrase.value, file));
      if (!current.ok) return current;
      return keys.prepareSuccessor(home.keys, label, sealUnder(passphrase.value));
    },
    pending: () => keys.pendingSuccessor(home.keys, label),
    putInPlace: () => keys.putInPlace(home.keys, label),
  };
}

/** The key of this name, made where there is none; a new one is under the passphrase. */
export async function ensureKey(
  home: Home,
  { label, file, env, passphrase }: EnsureRequest,
): Promise<Result<Signer>> {
  const { createKey, createSealedKey } = await import('@chancery/adapters/keys-file');
  const made =
    passphrase === undefined
      ? createKey(home.keys, label)
      : await createSealedKey(home.keys, label, sealUnder(passphrase));
  if (made.ok) return done(made.value.signer);
  return made.refusal.code === 'key.exists' ? loadKey(file, env) : made;
}

export interface EnsureRequest {
  readonly label: string;
  readonly file: string;
  readonly env: Environment;
  readonly passphrase?: string | undefined;
}
