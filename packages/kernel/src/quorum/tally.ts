import { type Digest, type Envelope, type KeyId } from '../encoding/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import { isTrustedFor, type Trust } from '../writ/index.ts';
import { readVote, type ReadVote, type Vote } from './vote.ts';

/** What is voted on, as `approval.requested` records it. */
export interface VoteRequest {
  readonly ledger: Digest;
  /** Digest of the entry `approval.requested`. */
  readonly request: Digest;
  readonly action: Digest;
  readonly channel: string;
  readonly quorum: {
    /** Number of distinct approvers that must grant; none or less can never be reached. */
    readonly m: number;
    readonly of: readonly KeyId[];
  };
  /** The instant from which on nothing is granted, milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface TallyInput {
  readonly request: VoteRequest;
  /** In the order in which they were recorded. */
  readonly votes: readonly Envelope[];
  /** Positions of their entries, by their place in `votes`; of one that is cast now there is none. */
  readonly votedAt?: readonly (number | undefined)[];
  readonly trust: Trust;
  /** Key that proposed the action. It can neither grant nor deny. */
  readonly proposer: KeyId;
  readonly nowMs: number;
}

export interface Tally {
  readonly outcome: 'pending' | 'granted' | 'denied' | 'expired';
  /** Distinct keys whose votes count: those that denied when it is denied, else those that granted. */
  readonly voters: readonly KeyId[];
  /** Why votes do not count, by their place in the input. */
  readonly discounted: readonly { readonly index: number; readonly refusal: Refusal }[];
}

/** Whether something that expires at `expiresAt` has. Fails closed for what is not a time. */
export function isExpired(expiresAt: number, nowMs: number): boolean {
  return !(nowMs < expiresAt);
}

/** The distinct keys among `voters` that may approve: trusted for it, and not the proposer. */
export function qualifiedVoters(
  voters: readonly KeyId[],
  trust: Trust,
  proposer: KeyId,
): readonly KeyId[] {
  return [...new Set(voters)].filter(
    (voter) => voter !== proposer && isTrustedFor(trust, voter, 'approve'),
  );
}

/** Members of a vote that must be those of the request, with what a different one is about. */
const bonds: readonly (readonly [keyof Vote & keyof VoteRequest, string])[] = [
  ['ledger', 'another ledger'],
  ['request', 'another request'],
  ['action', 'another action'],
  ['channel', 'another channel'],
  ['expiresAt', 'another time limit'],
];

/**
 * Whether a vote counts: bound to this very request, by a key that the request lists, that is
 * trusted for approving and that is not the proposer. Refuses with `envelope.invalid` or
 * `approval.not-approver`.
 */
export function checkVote(
  { vote, voter }: ReadVote,
  { request, trust, proposer }: Omit<TallyInput, 'votes' | 'votedAt' | 'nowMs'>,
  at?: number,
): Refusal | undefined {
  for (const [member, what] of bonds) {
    if (vote[member] !== request[member]) {
      return refusal('envelope.invalid', `the vote is about ${what}`);
    }
  }
  if (!request.quorum.of.includes(voter)) {
    return refusal('approval.not-approver', `the request does not list ${voter}`);
  }
  if (voter === proposer) {
    return refusal('approval.not-approver', 'the proposer cannot approve its own action');
  }
  if (!isTrustedFor(trust, voter, 'approve', at)) {
    return refusal('approval.not-approver', `${voter} is not trusted for approving`);
  }
  return undefined;
}

/**
 * Counts votes: one veto denies, `m` distinct grants grant, and time denies what is not yet decided.
 * Pure: the same votes at the same instant give the same outcome.
 */
export function tally(input: TallyInput): Tally {
  const grants = new Set<KeyId>();
  const vetoes = new Set<KeyId>();
  const discounted: Tally['discounted'][number][] = [];
  for (const [index, envelope] of input.votes.entries()) {
    const read = readVote(envelope);
    const found = read.ok ? checkVote(read.value, input, input.votedAt?.[index]) : read.refusal;
    if (found !== undefined) discounted.push({ index, refusal: found });
    else if (read.ok) (read.value.vote.vote === 'grant' ? grants : vetoes).add(read.value.voter);
  }
  const outcome = outcomeOf(input, grants.size, vetoes.size);
  return { outcome, voters: [...(outcome === 'denied' ? vetoes : grants)], discounted };
}

function outcomeOf(
  { request, nowMs }: TallyInput,
  grants: number,
  vetoes: number,
): Tally['outcome'] {
  if (vetoes > 0) return 'denied';
  if (isExpired(request.expiresAt, nowMs)) return 'expired';
  return request.quorum.m >= 1 && grants >= request.quorum.m ? 'granted' : 'pending';
}
