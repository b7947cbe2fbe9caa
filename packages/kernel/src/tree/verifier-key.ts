import {
  bytesDigest,
  bytesOfHex,
  decodeBase64,
  encodeBase64,
  hexOfBytes,
  isKeyId,
  type KeyId,
} from '../encoding/index.ts';
import { assert, done, refused, type Result } from '../refusal/index.ts';

/** What a key signs a note with: a plain Ed25519 signature, or a witness's cosignature/v1. */
export type NoteAlgorithm = 'ed25519' | 'cosignature';

/** A public key under the name that its signatures bear (C2SP signed-note). */
export interface VerifierKey {
  readonly name: string;
  /** Eight hex digits that, with the name, tell which key made a signature. Not a strong hash. */
  readonly hash: string;
  readonly algorithm: NoteAlgorithm;
  readonly key: KeyId;
}

const algorithmBytes: Readonly<Record<NoteAlgorithm, number>> = { ed25519: 1, cosignature: 4 };
const keyBytes = 32;
const prefix = 'ed25519:';
const nameForm = /^[^\p{White_Space}\p{Cc}+]+$/u;
const utf8 = new TextEncoder();

/** Whether keys may bear the name: something, without spaces, control characters and plus. */
export function isKeyName(name: string): boolean {
  return name.isWellFormed() && nameForm.test(name);
}

/** @throws {Fault} when the name or the key has not the form of one. */
export function verifierKey(name: string, key: KeyId, algorithm: NoteAlgorithm): VerifierKey {
  assert(isKeyName(name) && isKeyId(key), `not the name or key of a verifier: ${name}`);
  const typed = typedKey(key, algorithm);
  const line = utf8.encode(`${name}\n`);
  const hashed = new Uint8Array(line.length + typed.length);
  hashed.set(line);
  hashed.set(typed, line.length);
  return { name, hash: bytesDigest(hashed).slice(0, 8), algorithm, key };
}

/** `<name>+<hash>+<base64(algorithm ‖ public key)>`, as other tools read it. */
export function verifierKeyText({ name, hash, algorithm, key }: VerifierKey): string {
  return `${name}+${hash}+${encodeBase64(typedKey(key, algorithm))}`;
}

/** Reads what `verifierKeyText` writes. Refuses `verifier.invalid`. */
export function parseVerifierKey(text: string): Result<VerifierKey> {
  const [name = '', hash = '', ...rest] = text.split('+');
  const typed = decodeBase64(rest.join('+'));
  if (!isKeyName(name) || typed?.length !== 1 + keyBytes) {
    return refused('verifier.invalid', 'not name+hash+base64 of an Ed25519 key');
  }
  const algorithm = algorithmOf(typed[0]);
  if (algorithm === undefined) {
    return refused('verifier.invalid', `the key of ${name} is of an unknown type`);
  }
  const key = verifierKey(name, `${prefix}${hexOfBytes(typed.subarray(1))}`, algorithm);
  return key.hash === hash
    ? done(key)
    : refused('verifier.invalid', `the hash of the key of ${name} is not that of the key`);
}

function algorithmOf(byte: number | undefined): NoteAlgorithm | undefined {
  if (byte === algorithmBytes.ed25519) return 'ed25519';
  return byte === algorithmBytes.cosignature ? 'cosignature' : undefined;
}

function typedKey(key: KeyId, algorithm: NoteAlgorithm): Uint8Array {
  return Uint8Array.of(algorithmBytes[algorithm], ...bytesOfHex(key.slice(prefix.length)));
}
