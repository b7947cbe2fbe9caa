import type { Digest, Envelope, KeyId } from '../encoding/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import { speaksFor, type Speaking, type Trust } from '../writ/index.ts';
import { mostVoices } from './voices.ts';
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
  /** The instant from which on another channel is asked in its place; undefined where none is. */
  readonly escalatesAt?: number | undefined;
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
  /** `escalated`: nobody decided in time, and it is for another channel to be asked. */
  readonly outcome: 'pending' | 'granted' | 'denied' | 'expired' | 'escalated';
  /** Distinct keys whose votes count: those that denied when it is denied, else those that granted. */
  readonly voters: readonly KeyId[];
  /** Why votes do not count, by their place in the input. */
  readonly discounted: readonly { readonly index: number; readonly refusal: Refusal }[];
}

/** Whether something that expires at `expiresAt` has. Fails closed for what is not a time. */
export function isExpired(expiresAt: number, nowMs: number): boolean {
  return !(nowMs < expiresAt);
}

/** Whom a vote may speak for, and when it does. */
export interface Hearing extends Speaking {
  readonly trust: Trust;
  /** Key that proposed the action: neither it speaks, nor anybody for it. */
  readonly proposer: KeyId;
  /** Keys that are asked. */
  readonly of: readonly KeyId[];
}

/** The approvers for whom a key speaks: for itself, and for who has delegated to it. */
export function heardFor(key: KeyId, hearing: Hearing): readonly KeyId[] {
  const { trust, proposer, of } = hearing;
  if (key === proposer) return [];
  return of.filter((approver) => approver !== proposer && speaksFor(trust, key, approver, hearing));
}

/**
 * How many voices keys have together: an approver has one, whoever speaks for it, and a key has one,
 * for however many it may speak.
 */
export function voicesOf(keys: readonly KeyId[], hearing: Hearing): number {
  return mostVoices([...new Set(keys)].map((key) => heardFor(key, hearing)));
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
 * Whether a vote counts: bound to this very request, by a key that speaks for one whom the request
 * lists, who is trusted for approving; neither of them is the proposer. Refuses with
 * `envelope.invalid` or `approval.not-approver`.
 */
export function checkVote(
  { vote, voter }: ReadVote,
  { request, trust, proposer, nowMs }: Omit<TallyInput, 'votes' | 'votedAt'>,
  at?: number,
): Refusal | undefined {
  for (const [member, what] of bonds) {
    if (vote[member] !== request[member]) {
      return refusal('envelope.invalid', `the vote is about ${what}`);
    }
  }
  if (voter === proposer) {
    return refusal('approval.not-approver', 'the proposer cannot approve its own action');
  }
  const { channel, quorum } = request;
  if (heardFor(voter, { trust, proposer, of: quorum.of, channel, nowMs, at }).length > 0) {
    return undefined;
  }
  return refusal(
    'approval.not-approver',
    quorum.of.includes(voter)
      ? `${voter} is not trusted for approving`
      : `the request lists neither ${voter} nor one who has delegated to it`,
  );
}

/**
 * Counts votes: one veto denies, `m` voices grant, and time denies what is not yet decided,
 * or passes it on to another channel.
 * Pure: the same votes at the same instant give the same outcome.
 */
export function tally(input: TallyInput): Tally {
  const { trust, proposer, nowMs, request } = input;
  const { channel, quorum } = request;
  const grants = new Map<KeyId, readonly KeyId[]>();
  const vetoes = new Set<KeyId>();
  const discounted: Tally['discounted'][number][] = [];
  for (const [index, envelope] of input.votes.entries()) {
    const read = readVote(envelope);
    const at = input.votedAt?.[index];
    const found = read.ok ? checkVote(read.value, input, at) : read.refusal;
    if (found !== undefined) discounted.push({ index, refusal: found });
    else if (read.ok) {
      const { vote, voter } = read.value;
      const hearing = { trust, proposer, of: quorum.of, channel, nowMs, at };
      if (vote.vote === 'deny') vetoes.add(voter);
      else grants.set(voter, [...(grants.get(voter) ?? []), ...heardFor(voter, hearing)]);
    }
  }
  const outcome = outcomeOf(input, mostVoices([...grants.values()]), vetoes.size);
  const voters = outcome === 'denied' ? [...vetoes] : [...grants.keys()];
  return { outcome, voters, discounted };
}

function outcomeOf(
  { request, nowMs }: TallyInput,
  grants: number,
  vetoes: number,
): Tally['outcome'] {
  if (vetoes > 0) return 'denied';
  if (isExpired(request.expiresAt, nowMs)) return 'expired';
  const { escalatesAt } = request;
  if (escalatesAt !== undefined && isExpired(escalatesAt, nowMs)) return 'escalated';
  return request.quorum.m >= 1 && grants >= request.quorum.m ? 'granted' : 'pending';
}
