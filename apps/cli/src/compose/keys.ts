import { type KeyId, type Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { type SubjectKeys } from '@chancery/runtime/removal';
import { type Home } from '../home.ts';
import { type Session } from '../session.ts';

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

const ofAgent = 'ssh-agent:';

/**
 * Whoever signs on the command line: the key of a file, or of the SSH agent where it is named as
 * `ssh-agent:` and its comment or id; the owner's where none is named. Refuses as `loadKey`.
 */
export async function signingKey(
  { home, env }: Pick<Session, 'home' | 'env'>,
  named: string | undefined,
): Promise<Result<Signer>> {
  if (named === undefined) return foundedKey(home.ownerKey);
  if (!named.startsWith(ofAgent)) return loadKey(named);
  const { agentSigner } = await import('@chancery/adapters/keys-ssh-agent');
  const socket = agentSocket(env);
  return socket.ok ? agentSigner(socket.value, named.slice(ofAgent.length)) : socket;
}

/** Keys that the SSH agent holds, as `signingKey` takes them. Refuses `key.missing`, `key.invalid`. */
export async function keysOfAgent(env: NodeJS.ProcessEnv): Promise<Result<readonly KeyFile[]>> {
  const { agentKeys } = await import('@chancery/adapters/keys-ssh-agent');
  const socket = agentSocket(env);
  const keys = socket.ok ? agentKeys(socket.value) : socket;
  if (!keys.ok) return keys;
  return done(
    keys.value.map(({ id, comment }) => ({ id, label: comment, file: `${ofAgent}${comment}` })),
  );
}

function agentSocket({ SSH_AUTH_SOCK }: NodeJS.ProcessEnv): Result<string> {
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
