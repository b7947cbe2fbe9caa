import { bytesOfHex, hexOfBytes, verifySignature, type Signer } from '../encoding/index.ts';
import { assert, done, refused, type Result } from '../refusal/index.ts';
import type { Note, NoteSignature } from './note.ts';
import { verifierKey, type VerifierKey } from './verifier-key.ts';

/** A signature that was verified: by which of the known keys, and, of a witness, when. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** Seconds since the epoch, as the witness tells it; undefined for a plain signature. */
  readonly timeS: number | undefined;
}

const timeBytes = 8;
const utf8 = new TextEncoder();

/** Plain Ed25519 signature of a note's text, under a name. */
export function signNote(text: string, name: string, signer: Signer): NoteSignature {
  const { hash } = verifierKey(name, signer.id, 'ed25519');
  return { name, hash, bytes: bytesOfHex(signer.sign(utf8.encode(text))) };
}

/**
 * Cosignature of a checkpoint's text (C2SP tlog-cosignature, Ed25519): the witness says that at
 * `timeS` this was the largest tree of the origin that it has seen, grown out of all earlier ones.
 */
export function cosignNote(
  text: string,
  name: string,
  signer: Signer,
  timeS: number,
): NoteSignature {
  assert(Number.isSafeInteger(timeS) && timeS >= 0, 'a cosignature tells whole seconds');
  const { hash } = verifierKey(name, signer.id, 'cosignature');
  const bytes = new Uint8Array(timeBytes + 64);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timeS));
  bytes.set(bytesOfHex(signer.sign(cosignedMessage(text, timeS))), timeBytes);
  return { name, hash, bytes };
}

/**
 * Signatures by the given keys, each key once. Signatures by other keys are ignored; one by a given
 * key that does not verify spoils the note. Refuses `checkpoint.invalid`, also when no given key
 * signed, and `verifier.invalid` when two keys cannot be told apart.
 */
export function verifyNote(
  { text, signatures }: Note,
  keys: readonly VerifierKey[],
): Result<readonly VerifiedSignature[]> {
  const known = new Map(keys.map((key) => [label(key), key]));
  if (known.size !== keys.length) {
    return refused('verifier.invalid', 'two verifier keys have one name and one hash');
  }
  const verified = new Map<string, VerifiedSignature>();
  for (const signature of signatures) {
    const key = known.get(label(signature));
    if (key === undefined) continue;
    const found = verifyOne(text, signature, key);
    if (found === undefined) {
      return refused('checkpoint.invalid', `the signature of ${key.name} does not verify`);
    }
    if (!verified.has(label(key))) verified.set(label(key), found);
  }
  return verified.size > 0
    ? done([...verified.values()])
    : refused('checkpoint.invalid', 'no known key has signed it');
}

function verifyOne(
  text: string,
  { bytes }: NoteSignature,
  key: VerifierKey,
): VerifiedSignature | undefined {
  if (key.algorithm === 'ed25519') {
    const holds = verifySignature(key.key, utf8.encode(text), hexOfBytes(bytes));
    return holds ? { key, timeS: undefined } : undefined;
  }
  if (bytes.length <= timeBytes) return undefined;
  const timeS = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  if (!Number.isSafeInteger(timeS)) return undefined;
  const signature = hexOfBytes(bytes.subarray(timeBytes));
  return verifySignature(key.key, cosignedMessage(text, timeS), signature)
    ? { key, timeS }
    : undefined;
}

function cosignedMessage(text: string, timeS: number): Uint8Array {
  return utf8.encode(`cosignature/v1\ntime ${timeS}\n${text}`);
}

function label({ name, hash }: Pick<VerifierKey, 'name' | 'hash'>): string {
  return `${name}+${hash}`;
}
