import {
  exactly,
  isCount,
  isDigest,
  misfit,
  openUnsigned,
  readStatement,
  sealEnvelope,
  textOf,
  type Digest,
  type Envelope,
  type Form,
  type KeyId,
  type Signer,
} from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';

/**
 * Payload of `approval.voted`: an approver's answer to one request about one action.
 *
 * Its signature is Ed25519 over the envelope's DSSE encoding. The member `scheme` is kept for votes
 * that are signed by another rule, such as an assertion of WebAuthn, whose challenge would be the
 * SHA-256 of that encoding: it stands within what is signed, so that no signature can be taken for one
 * of another scheme. None is known yet. Whoever does not know the scheme of a vote refuses it, and so
 * did every version before the member had a meaning: the form is closed.
 */
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

const type = 'application/vnd.chancery.vote+json';

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
  return sealEnvelope(type, payload, [voter]);
}

/**
 * Reads a vote, signed by exactly one key. Refuses with `envelope.invalid`, also for any scheme: it is
 * looked at before the signatures are, which are nothing that could be verified here then.
 */
export function readVote(envelope: Envelope): Result<ReadVote> {
  const unverified = openUnsigned({ ...envelope, signatures: [] }, type);
  if (!unverified.ok) return unverified;
  if (Object.hasOwn(unverified.value.payload, 'scheme')) {
    return refused('envelope.invalid', 'the vote is signed by a scheme that is not known here', {
      remedy: 'Vote with an Ed25519 key, or use a version that knows the scheme.',
    });
  }
  const read = readStatement<Vote>(envelope, {
    type,
    what: 'the vote',
    wrongIn: (payload) => misfit(payload, voteForm),
  });
  return read.ok ? done({ vote: read.value.said, voter: read.value.signer }) : read;
}
