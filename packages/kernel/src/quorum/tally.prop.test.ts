import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { authority, someDigest } from '@chancery/testkit/builders';
import type { Envelope } from '../encoding/index.ts';
import { castVote, tally, type VoteRequest } from './index.ts';

const house = authority();
const people = [...house.approvers, house.agent, house.stranger];
const actions = [someDigest('action'), someDigest('another action')] as const;

interface Ballot {
  readonly voter: number;
  readonly grant: boolean;
  readonly action: number;
}

const about = { ledger: house.ledger, request: someDigest('r'), channel: 'human', expiresAt: 100 };

/** Signing is slow beside counting: each of the few ballots is signed once. */
const signed = new Map<string, Envelope>();

function envelopeOf(ballot: Ballot): Envelope {
  const key = JSON.stringify(ballot);
  const known = signed.get(key);
  if (known !== undefined) return known;
  const voter = people[ballot.voter] ?? house.stranger;
  const action = actions[ballot.action] ?? actions[0];
  const vote = ballot.grant ? 'grant' : 'deny';
  const envelope = castVote({ ...about, action, vote, reason: '' }, voter);
  signed.set(key, envelope);
  return envelope;
}

const ballot: fc.Arbitrary<Ballot> = fc.record({
  voter: fc.nat({ max: people.length - 1 }),
  grant: fc.boolean(),
  action: fc.nat({ max: 1 }),
});
const ballots = fc.array(ballot, { maxLength: 6 });
const quorum = fc.record({
  m: fc.integer({ min: 0, max: 4 }),
  of: fc.subarray(people.map((person) => person.id)),
});

function outcomeOf(cast: readonly Ballot[], of: VoteRequest['quorum'], nowMs: number) {
  const request: VoteRequest = { ...about, action: actions[0], quorum: of };
  const votes = cast.map(envelopeOf);
  return tally({ request, votes, trust: house.trust, proposer: house.agent.id, nowMs });
}

/** Keys of three registered approvers: the first three people, where the request lists them. */
function counted(cast: readonly Ballot[], of: VoteRequest['quorum'], grant: boolean) {
  const voters = cast.filter((one) => one.action === 0 && one.voter < 3 && one.grant === grant);
  const ids = voters.map((one) => people[one.voter]?.id ?? '');
  return new Set(ids.filter((id) => of.of.includes(id)));
}

describe('laws of quorums', () => {
  it('granted means: in time, no veto, and at least m distinct registered grants', () => {
    fc.assert(
      fc.property(ballots, quorum, fc.constantFrom(99, 100), (cast, of, nowMs) => {
        const grants = counted(cast, of, true);
        const lawful =
          nowMs < 100 && counted(cast, of, false).size === 0 && of.m >= 1 && grants.size >= of.m;
        const found = outcomeOf(cast, of, nowMs);
        expect(found.outcome === 'granted').toBe(lawful);
        if (lawful) expect(new Set(found.voters)).toEqual(grants);
      }),
      cases(300),
    );
  });

  it('the order of the votes changes no outcome', () => {
    fc.assert(
      fc.property(ballots, quorum, (cast, of) => {
        const forwards = outcomeOf(cast, of, 1).outcome;
        expect(outcomeOf(cast.toReversed(), of, 1).outcome).toBe(forwards);
      }),
      cases(100),
    );
  });

  it('a further veto never grants, and a vote that does not count changes nothing', () => {
    fc.assert(
      fc.property(ballots, ballot, quorum, (cast, last, of) => {
        const before = outcomeOf(cast, of, 1);
        const after = outcomeOf([...cast, last], of, 1);
        if (!last.grant && before.outcome !== 'granted') expect(after.outcome).not.toBe('granted');
        if (after.discounted.length > before.discounted.length) {
          expect(after.outcome).toBe(before.outcome);
        }
      }),
      cases(100),
    );
  });
});
