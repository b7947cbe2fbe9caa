import {
  exactly,
  isCount,
  isDigest,
  misfit,
  readStatement,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import { done, type Result } from '../refusal/index.ts';

/** Payload of `approval.voted`: an approver's answer to one request about one action. */
export interface Vote {
  readonly v: 1;
  readonly ledger: Digest;
  /** Digest of the entry `approval.requested`. */
  readonly request: Digest;
  /** Digest of the action that the approver was shown. */
  readonly action: Digest;
  readonly channel: string;
  readonly vote: 'grant' | 'deny';
  readonly reason: string;
  /** That of the request, milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A vote with the one key that signed it. */
export interface ReadVote {
  readonly vote: Vote;
  readonly voter: KeyId;
}

const voteForm: Readonly<Record<string, Form>> = {
  v: exactly(1),
  ledger: isDigest,
  request: isDigest,
  action: isDigest,
  channel: textOf(1, 128),
  vote: (value) => value === 'grant' || value === 'deny',
  reason: textOf(0, 4096),
  expiresAt: isCount,
};

/** Signs a vote. */
export function castVote(vote: Omit<Vote, 'v'>, voter: Signer): Envelope {
  const { ledger, request, action, channel, reason, expiresAt } = vote;
  const payload: Vote = {
    v: 1,
    ledger,
    request,
    action,
    channel,
    vote: vote.vote,
    reason,
    expiresAt,
  };
  return sealEnvelope('application/vnd.chancery.vote+json', payload, [voter]);
}

/** Reads a vote, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readVote(envelope: Envelope): Result<ReadVote> {
  const read = readStatement<Vote>(envelope, {
    type: 'application/vnd.chancery.vote+json',
    what: 'the vote',
    wrongIn: (payload) => misfit(payload, voteForm),
  });
  return read.ok ? done({ vote: read.value.said, voter: read.value.signer }) : read;
}
