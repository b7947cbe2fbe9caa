import {
  exactly,
  isCount,
  isDigest,
  isKeyId,
  misfit,
  objectDigest,
  readStatement,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type ReadStatement,
  type Signer,
} from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import type { Result } from '../refusal/index.ts';

/** Payload of `approver.delegated`: another key may answer in an approver's place, for a time. */
export interface ApproverDelegation {
  readonly v: 1;
  readonly delegation: 'give';
  readonly ledger: Digest;
  /** The entry of the stream `ledger` that it was signed upon. */
  readonly after: Digest;
  readonly approver: KeyId;
  readonly delegate: KeyId;
  /** The one channel that it is for; null for all. */
  readonly channel: string | null;
  /** Both ends inclusive, milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly reason: string;
}

/** Payload of `approver.delegation-ended`. */
export interface DelegationEnd {
  readonly v: 1;
  readonly delegation: 'end';
  readonly ledger: Digest;
  readonly after: Digest;
  /** Id of the delegation. */
  readonly id: Digest;
  readonly reason: string;
}

/** Entries by which approvers delegate. */
export type DelegationEntry = Entry<'approver.delegated'> | Entry<'approver.delegation-ended'>;

export function isDelegationEntry(entry: Entry): entry is DelegationEntry {
  return entry.kind === 'approver.delegated' || entry.kind === 'approver.delegation-ended';
}

const payloadType = 'application/vnd.chancery.approver-delegation+json';

const shared: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  after: isDigest,
  reason: textOf(0, 4096),
};

const forms = {
  give: {
    ...shared,
    delegation: exactly('give'),
    approver: isKeyId,
    delegate: isKeyId,
    channel: (value) => value === null || textOf(1, 128)(value),
    notBefore: isCount,
    notAfter: isCount,
  },
  end: { ...shared, delegation: exactly('end'), id: isDigest },
} as const satisfies Record<string, Readonly<Record<string, Form>>>;

/** The id of a delegation: the digest of its payload, which names the place that it stands at. */
export function delegationId(delegation: ApproverDelegation): Digest {
  return objectDigest('approver-delegation', delegation);
}

/** Signs that another key may answer in the place of the one that signs. */
export function delegateApproval(
  asked: Omit<ApproverDelegation, 'v' | 'delegation' | 'approver'>,
  by: Signer,
): Envelope {
  const payload: ApproverDelegation = { ...asked, v: 1, delegation: 'give', approver: by.id };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Signs that a delegation is over before its time. */
export function endDelegation(
  asked: Omit<DelegationEnd, 'v' | 'delegation'>,
  by: Signer,
): Envelope {
  const payload: DelegationEnd = { ...asked, v: 1, delegation: 'end' };
  return sealEnvelope(payloadType, payload, [by]);
}

/** Reads a delegation, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readDelegation(envelope: Envelope): Result<ReadStatement<ApproverDelegation>> {
  return read<ApproverDelegation>(envelope, 'give');
}

/** Reads the end of one, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readDelegationEnd(envelope: Envelope): Result<ReadStatement<DelegationEnd>> {
  return read<DelegationEnd>(envelope, 'end');
}

function read<S extends ApproverDelegation | DelegationEnd>(
  envelope: Envelope,
  delegation: S['delegation'],
): Result<ReadStatement<S>> {
  return readStatement<S>(envelope, {
    type: payloadType,
    what: 'the delegation',
    wrongIn: (payload) => misfit(payload, forms[delegation]),
  });
}
