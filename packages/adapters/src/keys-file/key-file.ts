import {
  decodeBase64,
  ed25519Signer,
  encodeBase64,
  isJsonObject,
  parseRecord,
  signerOf,
  type Json,
  type KeyId,
  type Signer,
} from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';

/** What may be told of a key. */
export interface KeyInfo {
  readonly id: KeyId;
  readonly label: string;
  /** Path of its file. */
  readonly file: string;
}

/** A key as its file has it: under a passphrase, or as it is. */
export interface StoredKey extends KeyInfo {
  /** Undefined for one that needs no passphrase. */
  readonly sealed: string | undefined;
}

/** A key that can sign; its seed stays inside. */
export interface LoadedKey extends KeyInfo {
  readonly signer: Signer;
}

const kind = 'chancery-key';
const sealedKind = 'chancery-sealed-key';
const sealedMembers = ['kind', 'label', 'publicKey', 'sealed', 'v'];
const memberNames = ['kind', 'label', 'publicKey', 'seed', 'v'];
const labelForm = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const publicKeyForm = /^[0-9a-f]{64}$/;
const seedBytes = 32;

export function isKeyLabel(label: string): boolean {
  return labelForm.test(label);
}

/** Contents of the file of a key: `{v, kind, label, publicKey, seed}`. Holds the secret. */
export function writeKey(label: string, seed: Uint8Array): string {
  const publicKey = ed25519Signer(seed).publicKeyHex;
  return `${JSON.stringify({ v: 1, kind, label, publicKey, seed: encodeBase64(seed) }, null, 2)}\n`;
}

/** Contents of the file of a key that is under a passphrase; who it is stands there for all to read. */
export function writeSealedKey(key: {
  readonly label: string;
  readonly publicKey: string;
  readonly sealed: string;
}): string {
  return `${JSON.stringify({ v: 1, kind: sealedKind, ...key }, null, 2)}\n`;
}

/** Reads who a key is, whether it is under a passphrase or not. Refuses `key.invalid`. */
export function readStored(text: string, file: string): Result<StoredKey> {
  const parsed = parseRecord(text);
  const value = parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined;
  if (value?.['kind'] !== sealedKind) {
    const plain = readKey(text, file);
    if (!plain.ok) return plain;
    const { id, label } = plain.value;
    return done({ id, label, file, sealed: undefined });
  }
  const { v, label, publicKey, sealed } = value;
  const isWhole = v === 1 && Object.keys(value).sort().join() === sealedMembers.join();
  const isNamed = typeof label === 'string' && isKeyLabel(label);
  const isKey = typeof publicKey === 'string' && publicKeyForm.test(publicKey);
  if (!isWhole || !isNamed || !isKey || typeof sealed !== 'string') {
    return refused('key.invalid', `${file} is not a key of Chancery`);
  }
  return done({ id: `ed25519:${publicKey}`, label, file, sealed });
}

/** Reads a key. Refuses `key.invalid`; what the file holds appears in no message. */
export function readKey(text: string, file: string): Result<LoadedKey> {
  const parsed = parseRecord(text);
  const fields = parsed.ok ? fieldsOf(parsed.value) : undefined;
  if (fields === undefined) return refused('key.invalid', `${file} is not a key of Chancery`);
  const signer = ed25519Signer(fields.seed);
  if (signer.publicKeyHex !== fields.publicKey) {
    return refused('key.invalid', `${file} names another public key than its seed has`);
  }
  const loaded = signerOf(signer);
  return done({ id: loaded.id, label: fields.label, file, signer: loaded });
}

/**
 * Under what texts the secret of a key file gets about: its seed, in base64 as the file has it and in hex.
 * A key under a passphrase has none.
 */
export function secretsOf(text: string): readonly string[] {
  const parsed = parseRecord(text);
  const fields = parsed.ok ? fieldsOf(parsed.value) : undefined;
  return fields === undefined
    ? []
    : [encodeBase64(fields.seed), Buffer.from(fields.seed).toString('hex')];
}

interface Fields {
  readonly label: string;
  readonly publicKey: string;
  readonly seed: Uint8Array;
}

function fieldsOf(value: Json): Fields | undefined {
  if (!isJsonObject(value)) return undefined;
  if (Object.keys(value).sort().join() !== memberNames.join()) return undefined;
  const { label, publicKey, seed } = value;
  if (value['v'] !== 1 || value['kind'] !== kind) return undefined;
  if (typeof label !== 'string' || !isKeyLabel(label)) return undefined;
  if (typeof publicKey !== 'string' || !publicKeyForm.test(publicKey)) return undefined;
  const bytes = typeof seed === 'string' ? decodeBase64(seed) : undefined;
  return bytes?.length === seedBytes ? { label, publicKey, seed: bytes } : undefined;
}
