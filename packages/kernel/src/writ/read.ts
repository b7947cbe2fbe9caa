import {
  bytesDigest,
  isJsonObject,
  misfit,
  objectDigest,
  openEnvelope,
  openUnsigned,
  readStatement,
  recordText,
  type Digest,
  type Envelope,
  type KeyId,
  type OpenedEnvelope,
  type PayloadType,
  type ReadStatement,
} from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { genesisForm, revocationForm, termsForm, writForm } from './form.ts';
import type { Closing, Genesis, ReadWrit, Revocation, Terms, Writ } from './model.ts';

/** Writs that were read before, by the digest of their whole envelope. */
const known = new Map<string, ReadWrit>();
const knownKept = 4096;

/** Every `ReadWrit` that was made here; one that was put together elsewhere is not in it. */
const made = new WeakSet<ReadWrit>();

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/**
 * Reads a writ from its envelope: form of every member, canonical order, one signature and that of
 * the issuer; the id is computed from the payload. Says nothing of the chain above. The value is
 * frozen. Refuses with `writ.void`.
 */
export function readWrit(envelope: Envelope): Result<ReadWrit> {
  const key = envelopeKey(envelope);
  const before = known.get(key);
  if (before !== undefined) return done(before);
  const opened = openEnvelope(envelope, 'application/vnd.chancery.writ+json');
  if (!opened.ok) return refused('writ.void', opened.refusal.message);
  const { payload } = opened.value;
  const wrong = misfit(payload, writForm);
  if (wrong !== undefined) return refused('writ.void', `the writ has a malformed "${wrong}"`);
  const writ = payload as unknown as Writ;
  if (soleSigner(envelope, opened.value) !== writ.issuer) {
    return refused('writ.void', 'the writ is not signed by its issuer alone');
  }
  const read = freeze({ id: objectDigest('writ', payload), writ, envelope: copyOf(envelope) });
  made.add(read);
  if (known.size >= knownKept) known.clear();
  known.set(key, read);
  return done(read);
}

/** Digest over all of an envelope; unlike its canonical text it exists for malformed strings too. */
function envelopeKey({ payloadType, payload, signatures }: Envelope): Digest {
  const parts = [payloadType, payload, ...signatures.flatMap(({ keyid, sig }) => [keyid, sig])];
  return bytesDigest(JSON.stringify(parts));
}

/** The envelope of a writ is frozen with it; the caller's own stays as it is. */
function copyOf({ payloadType, payload, signatures }: Envelope): Envelope {
  return {
    payloadType,
    payload,
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })),
  };
}

/** Whether `readWrit` made this very object, which therefore never changes. */
export function wasReadHere(read: ReadWrit): boolean {
  return made.has(read);
}

/** Whether a writ says what its envelope says, whoever put it together. */
export function isGenuine(read: ReadWrit): boolean {
  if (wasReadHere(read)) return true;
  const again = readWrit(read.envelope);
  return (
    again.ok && again.value.id === read.id && recordText(again.value.writ) === recordText(read.writ)
  );
}

/** The terms in a value that is not trusted. Refuses with `writ.void`, naming the member. */
export function readTerms(value: unknown): Result<Terms> {
  if (!isJsonObject(value)) return refused('writ.void', 'the terms are not an object');
  const wrong = misfit(value, termsForm);
  if (wrong !== undefined) return refused('writ.void', `the terms have a malformed "${wrong}"`);
  return done(value as unknown as Terms);
}

/**
 * Reads a genesis: signed by at least `threshold` of its roots and by nobody else.
 * Refuses with `envelope.invalid`.
 */
export function readGenesis(envelope: Envelope): Result<Genesis> {
  const read = readGenesisDraft(envelope);
  if (!read.ok) return read;
  const { genesis, signers } = read.value;
  if (!reachesThreshold(signers, genesis)) {
    return refused('envelope.invalid', 'the genesis is not signed by enough of its roots');
  }
  return done(genesis);
}

/**
 * Reads a genesis that is on its way round its roots, and by whom it is signed already, whoever
 * that is. Refuses with `envelope.invalid`.
 */
export function readGenesisDraft(
  envelope: Envelope,
): Result<{ readonly genesis: Genesis; readonly signers: readonly KeyId[] }> {
  const opened = openUnsigned(envelope, 'application/vnd.chancery.genesis+json');
  if (!opened.ok) return opened;
  const { payload, signers } = opened.value;
  const wrong = misfit(payload, genesisForm);
  if (wrong !== undefined) {
    return refused('envelope.invalid', `the genesis has a malformed "${wrong}"`);
  }
  const genesis = payload as unknown as Genesis;
  if (genesis.threshold > genesis.roots.length) {
    return refused('envelope.invalid', 'the threshold is larger than the number of roots');
  }
  return done({ genesis, signers });
}

/** Whether the distinct signers of an envelope are roots, all of them, and enough. */
export function reachesThreshold(signers: readonly KeyId[], genesis: Genesis): boolean {
  return signers.length >= genesis.threshold && signers.every((key) => genesis.roots.includes(key));
}

export interface ReadRevocation {
  readonly revocation: Revocation;
  /** The one key that signed it; whether it may revoke is for `checkRevocation` to say. */
  readonly signer: KeyId;
}

/** Reads a revocation, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readRevocation(envelope: Envelope): Result<ReadRevocation> {
  const read = readEnding(envelope, 'application/vnd.chancery.revocation+json');
  return read.ok ? done({ revocation: read.value.said, signer: read.value.signer }) : read;
}

export interface ReadClosing {
  readonly closing: Closing;
  /** The one key that signed it; whether it may close is for `checkClosing` to say. */
  readonly signer: KeyId;
}

/** Reads the closing of a writ, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readClosing(envelope: Envelope): Result<ReadClosing> {
  const read = readEnding(envelope, 'application/vnd.chancery.closing+json');
  return read.ok ? done({ closing: read.value.said, signer: read.value.signer }) : read;
}

function readEnding(envelope: Envelope, type: PayloadType): Result<ReadStatement<Revocation>> {
  return readStatement<Revocation>(envelope, {
    type,
    what: 'the end of a writ',
    wrongIn: (payload) => misfit(payload, revocationForm),
  });
}

function soleSigner(envelope: Envelope, opened: OpenedEnvelope): KeyId | undefined {
  return envelope.signatures.length === 1 ? opened.signers[0] : undefined;
}
