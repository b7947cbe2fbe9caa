import {
  exactly,
  isDigest,
  misfit,
  objectDigest,
  readStatement,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type ReadStatement,
  type Signer,
} from '../encoding/index.ts';
import type { Result } from '../refusal/index.ts';

interface Removing {
  readonly v: 1;
  readonly ledger: Digest;
  /** The entry of the stream `ledger` that it was signed upon. */
  readonly after: Digest;
  readonly reason: string;
}

/** Payload of `blob.pruned`: these blobs are not kept any longer. */
export interface Pruning extends Removing {
  readonly removal: 'prune';
  /** Digest of the list that stands in the entry, see `blobListDigest`. */
  readonly blobs: Digest;
}

/** Payload of `subject.erased`: what this key has sealed is not to be read any more. */
export interface Erasure extends Removing {
  readonly removal: 'erase';
  /** Id of the subject's key. It tells nothing of who the subject is. */
  readonly key: Digest;
}

/** What a person says of a removal, and where it is recorded. */
export type Asked<R extends Pruning | Erasure> = Omit<R, 'v' | 'removal'>;

const payloadType = 'application/vnd.chancery.removal+json';

const shared: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  reason: textOf(0, 4096),
};

const forms = {
  prune: { ...shared, removal: exactly('prune'), blobs: isDigest },
  erase: { ...shared, removal: exactly('erase'), key: isDigest },
} as const satisfies Record<string, Readonly<Record<string, Form>>>;

export function blobListDigest(blobs: readonly Digest[]): Digest {
  return objectDigest('blob-list', blobs);
}

/** Signs that blobs are pruned. */
export function signPruning(asked: Asked<Pruning>, by: Signer): Envelope {
  const payload: Pruning = { ...asked, v: 1, removal: 'prune' };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Signs that a subject is erased. */
export function signErasure(asked: Asked<Erasure>, by: Signer): Envelope {
  const payload: Erasure = { ...asked, v: 1, removal: 'erase' };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Reads a pruning, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readPruning(envelope: Envelope): Result<ReadStatement<Pruning>> {
  return read<Pruning>(envelope, 'prune');
}

/** Reads an erasure, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readErasure(envelope: Envelope): Result<ReadStatement<Erasure>> {
  return read<Erasure>(envelope, 'erase');
}

function read<R extends Pruning | Erasure>(
  envelope: Envelope,
  removal: R['removal'],
): Result<ReadStatement<R>> {
  return readStatement<R>(envelope, {
    type: payloadType,
    what: 'the removal',
    wrongIn: (payload) => misfit(payload, forms[removal]),
  });
}
