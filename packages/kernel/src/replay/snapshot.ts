import {
  bytesDigest,
  closed,
  exactly,
  isDigest,
  isJsonObject,
  isKeyId,
  listOf,
  misfit,
  openEnvelope,
  parseRecord,
  recordText,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type JsonObject,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import { type Blob, type Body, type Entry } from '../ledger/index.ts';
import { assert, done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { readRunState, runStateDigest, runStateJson } from './run-state-json.ts';
import { type RunFacts } from './run-state-model.ts';

const payloadType = 'application/vnd.chancery.snapshot+json';
const mediaType = 'application/vnd.dsse.envelope.v1+json';

/** A snapshot that is to be recorded. */
export interface TakenSnapshot {
  readonly body: Body<'snapshot.taken'>;
  readonly blob: Blob;
}

export interface SnapshotRequest {
  readonly ledger: Digest;
  /** The entry of the stream of snapshots that it is signed upon; the ledger id where there is none. */
  readonly after: Digest;
  /** A key that the ledger trusts for running. */
  readonly by: Signer;
}

/** Signs the state of a run that has an entry, for one place of one ledger. */
export function takeSnapshot(
  facts: RunFacts,
  { ledger, after, by }: SnapshotRequest,
): TakenSnapshot {
  const { head, stream } = facts;
  assert(head !== null, 'a snapshot is taken of a run that has begun');
  const payload = { v: 1, ledger, after, state: runStateJson(facts) };
  const envelope = sealEnvelope(payloadType, payload, [by]);
  const bytes = new TextEncoder().encode(recordText(envelope));
  const digest = bytesDigest(bytes);
  const body = {
    run: stream,
    at: { seq: head.seq, digest: head.digest },
    state: runStateDigest(facts),
    snapshot: { blob: { digest, bytes: bytes.length, mediaType } },
  };
  return { body, blob: { digest, bytes, mediaType } };
}

/** What a snapshot is held against. */
export interface SnapshotGround {
  /** Id of the ledger that is read. */
  readonly ledger: Digest;
  /** Whether the ledger trusts a key to run. */
  readonly isTrusted: (key: KeyId) => boolean;
}

/** The entry that records a snapshot. */
export type SnapshotEntry = Pick<Entry<'snapshot.taken'>, 'body' | 'prev'>;

/**
 * The state in a snapshot: the very bytes that the entry names, signed by one trusted key for its
 * place in this ledger, of the run and the entry that it tells, and with the digest that it tells.
 * Whether that entry is in the run is for the caller to ask. Refuses `snapshot.invalid`, and `ledger.newer` for a
 * snapshot of a later version.
 */
export function openSnapshot(
  bytes: Uint8Array,
  { body: taken, prev }: SnapshotEntry,
  ground: SnapshotGround,
): Result<RunFacts> {
  if (bytesDigest(bytes) !== taken.snapshot.blob.digest) return invalid('its bytes were altered');
  const envelope = readEnvelope(bytes);
  if (envelope === undefined) return invalid('it is not a signed envelope');
  const opened = openEnvelope(envelope, payloadType);
  if (!opened.ok) return invalid(opened.refusal.message);
  const { payload, signers } = opened.value;
  const wrong = strangerOf(signers, ground) ?? misplaced(payload, prev, ground);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  const facts = readRunState(payload['state'] as JsonObject);
  if (facts === undefined) return invalid('its state is malformed');
  const { run, at, state } = taken;
  const { head, stream } = facts;
  if (stream !== run) return invalid(`it is of ${stream}`);
  if (head?.seq !== at.seq || head.digest !== at.digest) return invalid('it is of another entry');
  return runStateDigest(facts) === state ? done(facts) : invalid('it tells another state');
}

function strangerOf(signers: readonly KeyId[], { isTrusted }: SnapshotGround) {
  const [signer, ...others] = signers;
  const right = signer !== undefined && others.length === 0 && isTrusted(signer);
  return right ? undefined : refusalOf(`the ledger does not trust ${signers.join(', ')} to run`);
}

function misplaced(
  payload: JsonObject,
  prev: Digest | null,
  { ledger }: SnapshotGround,
): Refusal | undefined {
  const { v } = payload;
  if (typeof v === 'number' && v > 1) {
    return refusal('ledger.newer', `the snapshot has the version ${v}`);
  }
  const wrong = misfit(payload, payloadForm);
  if (wrong !== undefined) return refusalOf(`it has a malformed "${wrong}"`);
  if (payload['ledger'] !== ledger) return refusalOf('it is of another ledger');
  return payload['after'] === prev ? undefined : refusalOf('it was signed for another place');
}

const payloadForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  state: isJsonObject,
};

const text = textOf(0, Number.MAX_SAFE_INTEGER);

const envelopeForm: Readonly<Record<string, Form>> = {
  payloadType: text,
  payload: text,
  signatures: listOf(closed({ keyid: isKeyId, sig: text })),
};

function readEnvelope(bytes: Uint8Array): Envelope | undefined {
  const parsed = parseRecord(new TextDecoder().decode(bytes));
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  if (misfit(parsed.value, envelopeForm) !== undefined) return undefined;
  return parsed.value as unknown as Envelope;
}

function refusalOf(why: string): Refusal {
  return refusal('snapshot.invalid', `the snapshot cannot be used: ${why}`);
}

function invalid(why: string): Result<never> {
  return refused('snapshot.invalid', refusalOf(why).message);
}
