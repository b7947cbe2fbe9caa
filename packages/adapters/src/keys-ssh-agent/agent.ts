import { hexOfBytes, verifySignature, type KeyId, type Signer } from '@chancery/kernel/encoding';
import { done, refused, RefusalError, type Refused, type Result } from '@chancery/kernel/refusal';
import { exchange } from './exchange.ts';
import { messages, sshString, WireError, WireReader } from './wire.ts';

/** An Ed25519 key that an agent holds. */
export interface AgentKey {
  readonly id: KeyId;
  /** What its owner calls it. */
  readonly comment: string;
}

interface Identity extends AgentKey {
  readonly blob: Uint8Array;
}

const algorithm = 'ssh-ed25519';
const keyBytes = 32;
const signatureBytes = 64;

/**
 * The Ed25519 keys of the agent that listens at a socket; keys of other kinds are passed over.
 * Refuses `key.missing` where none answers, `key.invalid` where what it says is not of its protocol.
 */
export function agentKeys(socket: string): Result<readonly AgentKey[]> {
  const found = identities(socket);
  return found.ok ? done(found.value.map(({ id, comment }) => ({ id, comment }))) : found;
}

/**
 * Signs with the key of an agent that has this id or this comment. The private key stays in the
 * agent, which may ask its owner each time. Refuses as `agentKeys`, `key.missing` where there is no
 * such key, `key.invalid` where several have the comment.
 */
export function agentSigner(socket: string, named: string): Result<Signer> {
  const found = identities(socket);
  if (!found.ok) return found;
  const meant = found.value.filter(({ id, comment }) => id === named || comment === named);
  const [key] = meant;
  if (key === undefined) {
    return refused('key.missing', `the SSH agent has no Ed25519 key called ${said(named)}`, {
      remedy: 'See `chancery keys list --agent`; add one with `ssh-add`.',
    });
  }
  if (meant.length > 1) {
    return refused(
      'key.invalid',
      `${meant.length} keys of the SSH agent are called ${said(named)}`,
      {
        remedy: 'Name it by its id: `chancery keys list --agent`.',
      },
    );
  }
  return done({ id: key.id, sign: (message) => signed(socket, key, message) });
}

function identities(socket: string): Result<readonly Identity[]> {
  const answered = exchange(socket, Uint8Array.of(messages.requestIdentities));
  if (!answered.ok) return answered;
  return reading(() => {
    const reader = new WireReader(answered.value);
    if (reader.byte() !== messages.identitiesAnswer) return malformed('it lists no keys');
    const found: Identity[] = [];
    for (let left = reader.uint32(); left > 0; left -= 1) {
      const identity = identityOf(reader.string(), reader.string());
      if (identity !== undefined) found.push(identity);
    }
    return done(found);
  });
}

/** Undefined for a key of another kind. */
function identityOf(blob: Buffer, comment: Buffer): Identity | undefined {
  const reader = new WireReader(blob);
  if (reader.string().toString('latin1') !== algorithm) return undefined;
  const key = reader.string();
  if (key.length !== keyBytes || !reader.isAtEnd) throw new WireError('a key has another length');
  return { id: `ed25519:${hexOfBytes(key)}`, comment: comment.toString('utf8'), blob };
}

/**
 * A signature over the message itself (RFC 8709, section 6): an agent signs bytes as they are given.
 * @throws {RefusalError} `key.missing` where the agent does not sign, `key.invalid` where the signature
 * is none of this key over this message.
 */
function signed(socket: string, { id, blob }: Identity, message: Uint8Array): string {
  const flags = Buffer.alloc(4);
  const request = [
    Uint8Array.of(messages.signRequest),
    ...[sshString(blob), sshString(message), flags],
  ];
  const answered = exchange(socket, Buffer.concat(request));
  const signature = answered.ok ? reading(() => signatureIn(answered.value)) : answered;
  if (!signature.ok) throw new RefusalError(signature.refusal);
  if (verifySignature(id, message, signature.value)) return signature.value;
  throw new RefusalError(malformed('its signature does not hold').refusal);
}

function signatureIn(answer: Uint8Array): Result<string> {
  const reader = new WireReader(answer);
  if (reader.byte() !== messages.signResponse) {
    return refused('key.missing', 'the SSH agent has not signed', {
      remedy: 'Unlock it, and confirm where it asks.',
    });
  }
  const inner = new WireReader(reader.string());
  const isOurs = inner.string().toString('latin1') === algorithm;
  const signature = inner.string();
  if (!isOurs || signature.length !== signatureBytes)
    return malformed('its signature is of another kind');
  return done(hexOfBytes(signature));
}

/** Reads what an agent has said; what is not of its protocol is refused. */
function reading<T>(read: () => Result<T>): Result<T> {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return malformed(error.message);
    throw error;
  }
}

function malformed(why: string): Refused {
  return refused('key.invalid', `the SSH agent is not understood: ${why}`, {
    remedy: 'Use the agent of OpenSSH, or name a key file.',
  });
}

function said(named: string): string {
  return JSON.stringify(named);
}
