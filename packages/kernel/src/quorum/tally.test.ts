import { describe, expect, it } from 'vitest';
import { authority, someDigest } from '@chancery/testkit/builders';
import { sealEnvelope, type Envelope, type Signer } from '../encoding/index.ts';
import { castVote, isExpired, readVote, tally, voicesOf, type Vote } from './index.ts';
import type { TallyInput, VoteRequest } from './index.ts';

const house = authority();
const { agent, stranger, issuer } = house;
const [ann, bob, cyd] = house.approvers;

const request: VoteRequest = {
  ledger: house.ledger,
  request: someDigest('request'),
  action: someDigest('action'),
  channel: 'human',
  quorum: { m: 2, of: [ann.id, bob.id, agent.id, stranger.id] },
  expiresAt: 9_000,
};

const about = {
  ledger: request.ledger,
  request: request.request,
  action: request.action,
  channel: request.channel,
  expiresAt: request.expiresAt,
};

function cast(voter: Signer, vote: Vote['vote'] = 'grant', changes: Partial<Vote> = {}): Envelope {
  return castVote({ ...about, vote, reason: 'seen', ...changes }, voter);
}

function count(votes: readonly Envelope[], changes: Partial<TallyInput> = {}) {
  const base = { request, trust: house.trust, proposer: agent.id, nowMs: 5_000 };
  return tally({ ...base, votes, ...changes });
}

describe('a vote that names a scheme', () => {
  const type = 'application/vnd.chancery.vote+json';
  const said = { v: 1, ...about, vote: 'grant', reason: 'seen' };
  const refusalOf = (envelope: Envelope): string => {
    const read = readVote(envelope);
    return read.ok ? 'read' : `${read.refusal.code}: ${read.refusal.message}`;
  };
  const unknown = 'envelope.invalid: the vote is signed by a scheme that is not known here';

  it.each(['webauthn', 'ed25519', '', null, { name: 'webauthn' }])(
    'is refused and not counted, whatever its signature: %j',
    (scheme) => {
      const signed = sealEnvelope(type, { ...said, scheme }, [ann]);
      expect(refusalOf(signed)).toBe(unknown);
      // An assertion is no signature of this key over these bytes, and is not judged as one.
      const asserted = { ...signed, signatures: [{ keyid: ann.id, sig: 'AAAA' }] };
      expect(refusalOf(asserted)).toBe(unknown);
      const counted = count([signed, asserted, cast(bob)]);
      expect([counted.outcome, counted.voters]).toEqual(['pending', [bob.id]]);
    },
  );

  it('is refused by whoever knows nothing of schemes, for the form of a vote is closed', () => {
    const other = sealEnvelope(type, { ...said, rule: 'webauthn' }, [ann]);
    expect(refusalOf(other)).toBe('envelope.invalid: the vote has a malformed "rule"');
    expect(refusalOf(sealEnvelope(type, said, [ann]))).toBe('read');
  });
});

describe('tally', () => {
  it('waits until enough distinct approvers grant', () => {
    expect(count([])).toEqual({ outcome: 'pending', voters: [], discounted: [] });
    expect(count([cast(ann), cast(ann)])).toEqual({
      outcome: 'pending',
      voters: [ann.id],
      discounted: [],
    });
    expect(count([cast(ann), cast(bob)])).toEqual({
      outcome: 'granted',
      voters: [ann.id, bob.id],
      discounted: [],
    });
  });

  it('is denied by one veto, whatever else is said before or after', () => {
    const denied = { outcome: 'denied', voters: [bob.id], discounted: [] };
    expect(count([cast(bob, 'deny')])).toEqual(denied);
    expect(count([cast(ann), cast(bob), cast(bob, 'deny')])).toEqual(denied);
    expect(count([cast(bob, 'deny'), cast(ann), cast(bob)])).toEqual(denied);
  });

  it('expires at the instant of its limit, granted or not', () => {
    const votes = [cast(ann), cast(bob)];
    expect(count(votes, { nowMs: 8_999 }).outcome).toBe('granted');
    expect(count(votes, { nowMs: 9_000 }).outcome).toBe('expired');
    expect(count([], { nowMs: 9_001 }).outcome).toBe('expired');
    expect(count(votes, { nowMs: Number.NaN }).outcome).toBe('expired');
    expect(isExpired(Number.NaN, 0)).toBe(true);
  });

  it.each<[string, Envelope, string]>([
    ['the proposer', cast(agent), 'approval.not-approver'],
    ['a listed key that is not trusted', cast(stranger), 'approval.not-approver'],
    ['a trusted key that is not listed', cast(cyd), 'approval.not-approver'],
    ['a key that is trusted for another purpose', cast(issuer), 'approval.not-approver'],
    [
      'a vote on another action',
      cast(ann, 'grant', { action: someDigest('x') }),
      'envelope.invalid',
    ],
    [
      'a vote on another request',
      cast(ann, 'grant', { request: someDigest('x') }),
      'envelope.invalid',
    ],
    [
      'a vote in another ledger',
      cast(ann, 'grant', { ledger: someDigest('x') }),
      'envelope.invalid',
    ],
    ['a vote in another channel', cast(ann, 'grant', { channel: 'ops' }), 'envelope.invalid'],
    ['a vote with a later limit', cast(ann, 'grant', { expiresAt: 9_999 }), 'envelope.invalid'],
    ['an edited vote', { ...cast(ann), payload: cast(bob, 'deny').payload }, 'envelope.invalid'],
  ])('does not count %s, for or against', (_, vote, code) => {
    const found = count([vote, cast(bob)]);
    expect(found.outcome).toBe('pending');
    expect(found.voters).toEqual([bob.id]);
    expect(found.discounted.map(({ index, refusal }) => [index, refusal.code])).toEqual([
      [0, code],
    ]);
  });

  it('does not count the proposer even where it is a listed and trusted approver', () => {
    const found = count([cast(ann), cast(bob)], { proposer: ann.id });
    expect([found.outcome, found.voters]).toEqual(['pending', [bob.id]]);
    expect(count([cast(ann, 'deny')], { proposer: ann.id }).outcome).toBe('pending');
  });

  it('does not count a veto by who may not vote', () => {
    const votes = [cast(agent, 'deny'), cast(cyd, 'deny'), cast(ann), cast(bob)];
    expect(count(votes).outcome).toBe('granted');
  });

  it('is never granted by a quorum of nobody', () => {
    for (const m of [0, -1, Number.NaN]) {
      const none = { ...request, quorum: { ...request.quorum, m } };
      expect(count([cast(ann)], { request: none }).outcome).toBe('pending');
    }
  });

  it('counts the keys that are trusted now, not those that were', () => {
    const trust = { ...house.trust, keys: new Map(house.trust.keys) };
    trust.keys.delete(bob.id);
    expect(count([cast(ann), cast(bob)], { trust }).outcome).toBe('pending');
  });
});

describe('readVote', () => {
  it('tells the vote and its one signer', () => {
    const read = readVote(cast(ann));
    const vote = { v: 1, ...about, vote: 'grant', reason: 'seen' };
    expect(read).toEqual({ ok: true, value: { vote, voter: ann.id } });
  });

  it('refuses what is malformed or signed by several', () => {
    const vote = { v: 1, ...about, vote: 'grant', reason: 'seen' };
    const type = 'application/vnd.chancery.vote+json';
    const envelopes = [
      sealEnvelope(type, { ...vote, vote: 'maybe' }, [ann]),
      sealEnvelope(type, { ...vote, more: 1 }, [ann]),
      sealEnvelope(type, vote, [ann, bob]),
      sealEnvelope('application/vnd.chancery.writ+json', vote, [ann]),
    ];
    expect(envelopes.map((envelope) => readVote(envelope).ok)).toEqual(envelopes.map(() => false));
  });
});

describe('voicesOf', () => {
  it('counts distinct approvers that are asked, other than the proposer', () => {
    const voters = [ann.id, ann.id, stranger.id, cyd.id, issuer.id];
    const hearing = { trust: house.trust, channel: 'human', nowMs: 5_000 };
    const voices = (proposer: string, of: readonly string[] = voters): number =>
      voicesOf(voters, { ...hearing, proposer, of });
    expect([voices(agent.id), voices(ann.id), voices(agent.id, [cyd.id])]).toEqual([2, 1, 1]);
  });
});
