import {
  bytesDigest,
  isDigest,
  isJsonObject,
  type Digest,
  type JsonObject,
  type Signer,
} from '../encoding/index.ts';
import type { Blob, Body, Entry } from '../ledger/index.ts';
import { assert, done, type Result } from '../refusal/index.ts';
import { readRunState, runStateDigest, runStateJson } from './run-state-json.ts';
import type { RunFacts } from './run-state-model.ts';
import {
  invalidSnapshot,
  openState,
  sealState,
  type SnapshotGround,
  type StateKind,
} from './signed-state.ts';

const kind: StateKind = {
  type: 'application/vnd.chancery.snapshot+json',
  form: { after: isDigest, state: isJsonObject },
};
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
  { after, ...request }: SnapshotRequest,
): TakenSnapshot {
  const { head, stream } = facts;
  assert(head !== null, 'a snapshot is taken of a run that has begun');
  const bytes = sealState(kind.type, { after, state: runStateJson(facts) }, request);
  const digest = bytesDigest(bytes);
  const body = {
    run: stream,
    at: { seq: head.seq, digest: head.digest },
    state: runStateDigest(facts),
    snapshot: { blob: { digest, bytes: bytes.length, mediaType } },
  };
  return { body, blob: { digest, bytes, mediaType } };
}

/** The entry that records a snapshot. */
export type SnapshotEntry = Pick<Entry<'snapshot.taken'>, 'body' | 'prev'>;

/**
 * The state in a snapshot: the very bytes that the entry names, signed by one trusted key for its
 * place in this ledger, of the run and the entry that it tells, and with the digest that it tells.
 * Whether that entry is in the run is for the caller to ask. Refuses `snapshot.invalid`, and
 * `ledger.newer` for a snapshot of a later version.
 */
export function openSnapshot(
  bytes: Uint8Array,
  { body: taken, prev }: SnapshotEntry,
  ground: SnapshotGround,
): Result<RunFacts> {
  if (bytesDigest(bytes) !== taken.snapshot.blob.digest) {
    return invalidSnapshot('its bytes were altered');
  }
  const opened = openState(bytes, kind, ground);
  if (!opened.ok) return opened;
  if (opened.value['after'] !== prev) return invalidSnapshot('it was signed for another place');
  const facts = readRunState(opened.value['state'] as JsonObject);
  if (facts === undefined) return invalidSnapshot('its state is malformed');
  const { run, at, state } = taken;
  const { head, stream } = facts;
  if (stream !== run) return invalidSnapshot(`it is of ${stream}`);
  if (head?.seq !== at.seq || head.digest !== at.digest) {
    return invalidSnapshot('it is of another entry');
  }
  return runStateDigest(facts) === state ? done(facts) : invalidSnapshot('it tells another state');
}
