import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { authority, signerFrom, someDigest } from '@chancery/testkit/builders';
import type { Envelope, KeyId } from '../encoding/index.ts';
import type { KnownDelegation, Trust } from '../writ/index.ts';
import { castVote, tally, voicesOf, type Tally, type VoteRequest } from './index.ts';

const runs = cases(200);

const house = authority();
const { agent } = house;
const helpers = [signerFrom(11), signerFrom(12), signerFrom(13)];
const approvers = house.approvers.map(({ id }) => id);
const people = [...house.approvers, ...helpers, agent];
const ids = people.map(({ id }) => id);

const about = {
  ...{ ledger: house.ledger, request: someDigest('r'), action: someDigest('action') },
  ...{ channel: 'desk', expiresAt: 100 },
};

interface Ballot {
  readonly voter: KeyId;
  readonly grant: boolean;
}

const ballot: fc.Arbitrary<Ballot> = fc.record({
  voter: fc.constantFrom(...ids),
  // Mostly granted: a veto hides whatever else there is.
  grant: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
});
const ballots = fc.array(ballot, { maxLength: 6 });

/** Most delegations stand at the time 50 of the tally, on the channel `desk`. */
const delegation: fc.Arbitrary<KnownDelegation> = fc.record({
  approver: fc.constantFrom(...approvers, agent.id, helpers[0]?.id ?? ''),
  delegate: fc.constantFrom(...helpers.map(({ id }) => id), ...ids),
  channel: fc.constantFrom(null, null, 'desk', 'other'),
  notBefore: fc.constantFrom(0, 40, 50, 60),
  notAfter: fc.constantFrom(45, 50, 70, 90),
  from: fc.constantFrom(5, 6),
  until: fc.constantFrom(null, null, null, 8),
});
const delegations = fc.array(delegation, { maxLength: 8 });
const quorum = fc.record({
  m: fc.integer({ min: 0, max: 4 }),
  // The proposer approves other things, and may have been listed by mistake.
  of: fc.subarray([...approvers, agent.id], { minLength: 2 }),
});

const signed = new Map<string, Envelope>();

function envelopeOf({ voter, grant }: Ballot): Envelope {
  const key = `${voter} ${grant}`;
  const signer = people.find(({ id }) => id === voter) ?? agent;
  const vote = grant ? 'grant' : 'deny';
  const made = signed.get(key) ?? castVote({ ...about, vote, reason: '' }, signer);
  signed.set(key, made);
  return made;
}

const asApprover = house.trust.keys.get(approvers[0] ?? '');
const keys = new Map(house.trust.keys);
if (asApprover !== undefined) keys.set(agent.id, asApprover);

const trusting = (given: readonly KnownDelegation[]): Trust => ({
  ...house.trust,
  keys,
  delegations: new Map(given.map((each, index) => [someDigest(`d${index}`), each])),
});

function outcomeOf(
  cast: readonly Ballot[],
  of: VoteRequest['quorum'],
  given: readonly KnownDelegation[],
): Tally {
  const request: VoteRequest = { ...about, quorum: of };
  const votes = cast.map(envelopeOf);
  const trust = trusting(given);
  return tally({ request, votes, trust, proposer: agent.id, nowMs: 50 });
}

/** Whom a key may speak for, told another way: by what is asked of a delegation, one by one. */
function spokenFor(key: KeyId, given: readonly KnownDelegation[], of: readonly KeyId[]) {
  if (key === agent.id) return new Set<KeyId>();
  const lent = given
    .filter(({ approver, delegate }) => delegate === key && approvers.includes(approver))
    .filter(({ channel }) => channel !== 'other')
    .filter(({ notBefore, notAfter }) => notBefore <= 50 && notAfter >= 50)
    .filter(({ until }) => until === null)
    .map(({ approver }) => approver);
  return new Set([key, ...lent].filter((each) => approvers.includes(each) && of.includes(each)));
}

/** The most distinct pairs of who speaks and for whom, by trying all. */
function mostPairs(sets: readonly ReadonlySet<KeyId>[], taken: ReadonlySet<KeyId>): number {
  const [first, ...rest] = sets;
  if (first === undefined) return 0;
  const without = mostPairs(rest, taken);
  const withEach = [...first]
    .filter((approver) => !taken.has(approver))
    .map((approver) => 1 + mostPairs(rest, new Set([...taken, approver])));
  return Math.max(without, ...withEach);
}

describe('a quorum of which some delegate', () => {
  it('is granted by enough voices and no veto: a key has one, and so has an approver', () => {
    fc.assert(
      fc.property(ballots, quorum, delegations, (cast, of, given) => {
        const heard = (one: Ballot) => spokenFor(one.voter, given, of.of);
        const vetoed = cast.some((one) => !one.grant && heard(one).size > 0);
        const granting = new Set(cast.filter(({ grant }) => grant).map(({ voter }) => voter));
        const sets = [...granting].map((voter) => spokenFor(voter, given, of.of));
        const lawful = !vetoed && of.m >= 1 && mostPairs(sets, new Set()) >= of.m;
        const { outcome } = outcomeOf(cast, of, given);
        expect([outcome === 'granted', outcome === 'denied']).toEqual([lawful, vetoed]);
      }),
      runs,
    );
  });

  it('has never more voices than approvers, nor than keys that speak', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...ids)),
        quorum,
        delegations,
        (spoken, { of }, given) => {
          const hearing = { trust: trusting(given), proposer: agent.id, of, channel: 'desk' };
          const voices = voicesOf(spoken, { ...hearing, nowMs: 50 });
          const sets = [...new Set(spoken)].map((key) => spokenFor(key, given, of));
          expect(voices).toBe(mostPairs(sets, new Set()));
          expect(voices).toBeLessThanOrEqual(Math.min(of.length, new Set(spoken).size));
        },
      ),
      runs,
    );
  });

  it('does not mind the order of votes', () => {
    fc.assert(
      fc.property(
        ballots.chain((cast) =>
          fc.tuple(fc.constant(cast), fc.shuffledSubarray(cast, { minLength: cast.length })),
        ),
        quorum,
        delegations,
        ([cast, shuffled], of, given) => {
          const found = outcomeOf(shuffled, of, given);
          const before = outcomeOf(cast, of, given);
          expect(found.outcome).toBe(before.outcome);
          expect(new Set(found.voters)).toEqual(new Set(before.voters));
        },
      ),
      runs,
    );
  });

  it('is denied by a veto, whatever follows', () => {
    fc.assert(
      fc.property(ballots, ballots, quorum, delegations, (cast, more, of, given) => {
        if (outcomeOf(cast, of, given).outcome !== 'denied') return;
        expect(outcomeOf([...cast, ...more], of, given).outcome).toBe('denied');
      }),
      runs,
    );
  });
});
