import {
  bytesOfHex,
  decodeBase64,
  encodeBase64,
  hexOfBytes,
  isDigest,
  type Digest,
  type Signer,
} from '../encoding/index.ts';
import { assert, done, refused, type Result } from '../refusal/index.ts';
import { digestBytes, emptyRoot } from './hash.ts';
import { formatNote, parseNote } from './note.ts';
import { signNote, verifyNote, type VerifiedSignature } from './note-signature.ts';
import { verifierKey, type VerifierKey } from './verifier-key.ts';

/** Head of a tree (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Name of the log, see `originOf`. */
  readonly origin: string;
  readonly size: number;
  readonly root: Digest;
  /** Root of the map of stream heads after these `size` entries; undefined where none is told. */
  readonly heads: Digest | undefined;
}

/** Whom to believe about a log. */
export interface CheckpointTrust {
  readonly origin: string;
  /** Keys of the log; at least one must have signed. */
  readonly log: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  /** How many different witnesses must have signed. */
  readonly quorum: number;
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Verified signatures by the log and by witnesses, in the order of the note. */
  readonly signatures: readonly VerifiedSignature[];
}

const headsPrefix = 'chancery-heads/v1 ';
const count = /^(?:0|[1-9][0-9]*)$/;

/**
 * Origin of a ledger's tree, and the name of the keys that sign it. The ledger has no address that
 * would name it, and its id is what a verifier pins; `alt` is set aside for names that are not in
 * the DNS (RFC 9476), so that nobody can own the name.
 */
export function originOf(ledger: Digest): string {
  assert(isDigest(ledger), 'a ledger id is a digest');
  return `chancery.alt/${ledger}`;
}

/** How a key that signs the heads of a ledger is known. */
export function ledgerVerifier(ledger: Digest, signer: Signer['id']): VerifierKey {
  return verifierKey(originOf(ledger), signer, 'ed25519');
}

/** Text of the note: what is signed. @throws {Fault} for a head that no tree has. */
export function checkpointText({ origin, size, root, heads }: Checkpoint): string {
  assert(origin.length > 0 && !origin.includes('\n'), 'an origin is one line');
  assert(Number.isSafeInteger(size) && size >= 0 && isDigest(root), 'not the head of a tree');
  const extension = heads === undefined ? '' : `${headsPrefix}${base64Of(heads)}\n`;
  return `${origin}\n${size}\n${base64Of(root)}\n${extension}`;
}

/** Signed by the log, with the origin as the name of the key. Never sign two that contradict. */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly Signer[]): string {
  const text = checkpointText(checkpoint);
  const signatures = signers.map((signer) => signNote(text, checkpoint.origin, signer));
  return formatNote({ text, signatures });
}

/**
 * Head that the text of a note tells. Extension lines that this version does not know are passed
 * over. Refuses `checkpoint.invalid`.
 */
export function parseCheckpoint(text: string): Result<Checkpoint> {
  if (!text.endsWith('\n')) return malformed('it does not end in a newline');
  const [origin = '', size = '', base64 = '', ...extensions] = text.slice(0, -1).split('\n');
  const root = digestOf(base64);
  if (origin === '' || extensions.includes('')) return malformed('a line of it is empty');
  if (!count.test(size) || !Number.isSafeInteger(Number(size))) return malformed('it has no size');
  if (root === undefined) return malformed('it has no root');
  if (size === '0' && root !== emptyRoot) return malformed('an empty tree has another root');
  const told = extensions.filter((line) => line.startsWith(headsPrefix));
  const heads = told.map((line) => digestOf(line.slice(headsPrefix.length)));
  if (heads.length > 1 || heads.includes(undefined)) return malformed('its stream heads are wrong');
  return done({ origin, size: Number(size), root, heads: heads[0] });
}

/**
 * Head that the log and enough witnesses signed. Refuses `checkpoint.invalid` and
 * `verifier.invalid`.
 */
export function openCheckpoint(note: string, trust: CheckpointTrust): Result<OpenedCheckpoint> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const verified = verifyNote(parsed.value, [...trust.log, ...trust.witnesses]);
  if (!verified.ok) return verified;
  const checkpoint = parseCheckpoint(parsed.value.text);
  if (!checkpoint.ok) return checkpoint;
  if (checkpoint.value.origin !== trust.origin) return malformed('it is of another origin');
  const signatures = verified.value;
  if (!signatures.some(({ key }) => trust.log.includes(key))) {
    return malformed('no key of the log has signed it');
  }
  const witnesses = witnessesAmong(signatures, trust);
  // The other way round, a quorum that is not a number would be reached by nobody's signature.
  if (!(witnesses >= trust.quorum)) {
    return malformed(`${witnesses} witnesses have signed it, ${trust.quorum} must have`);
  }
  return done({ checkpoint: checkpoint.value, signatures });
}

/** Different keys, none of them the log's own: nobody is a witness of himself. */
function witnessesAmong(
  signatures: readonly VerifiedSignature[],
  { log, witnesses }: CheckpointTrust,
): number {
  const own = new Set(log.map(({ key }) => key));
  const signed = signatures.filter(({ key }) => witnesses.includes(key) && !own.has(key.key));
  return new Set(signed.map(({ key }) => key.key)).size;
}

function base64Of(digest: Digest): string {
  return encodeBase64(bytesOfHex(digest));
}

function digestOf(base64: string): Digest | undefined {
  const bytes = decodeBase64(base64);
  return bytes?.length === digestBytes ? hexOfBytes(bytes) : undefined;
}

function malformed(message: string): Result<never> {
  return refused('checkpoint.invalid', `the checkpoint does not stand: ${message}`);
}
