import { describe, expect, it } from 'vitest';
import type { Channel, Channels } from '@chancery/kernel/channel';
import { sealBatch, type Draft, type SealedEntry } from '@chancery/kernel/ledger';
import { castVote } from '@chancery/kernel/quorum';
import type { Signer } from '@chancery/kernel/encoding';
import { authority, signerFrom, someDigest } from '@chancery/testkit/builders';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { initialApproval, type Approval, type ApprovalCommand } from './model.ts';

const { trust, ledger, approvers: signers } = authority();
const [approver] = signers;
const approvers = signers.map(({ id }) => id);
const action = someDigest('action');
const context = { trust, proposer: signerFrom(9).id, nowMs: 1_000 };

const requestOf = (m: number): Extract<ApprovalCommand, { type: 'request' }> => ({
  type: 'request',
  request: {
    run: 'run:x',
    action,
    channel: 'human',
    quorum: { m, of: approvers },
    reason: 'a protected file',
    expiresAt: 2_000,
  },
});

const seal = (draft: Draft, seq: number): SealedEntry => {
  const heads = new Map([[draft.stream, seq === 0 ? null : { seq: seq - 1, digest: action }]]);
  const sealed = sealBatch({
    ledger,
    by: context.proposer,
    nowMs: 1_000,
    batchId: `b${seq}`,
    heads,
    drafts: [draft],
  });
  if (!sealed.ok) throw new Error(sealed.refusal.message);
  const [entry] = sealed.value.entries;
  if (entry === undefined) throw new Error('no entry');
  return entry;
};

/** Given these commands, the state that their entries fold to. */
function given(commands: readonly ((state: Approval) => ApprovalCommand)[]): Approval {
  let state: Approval = initialApproval;
  let seq = 0;
  for (const command of commands) {
    const drafts = decide(state, command(state), context);
    if (!drafts.ok) throw new Error(drafts.refusal.message);
    const alone = drafts.value.map((draft) => ({ ...draft, cause: null }));
    for (const draft of alone) state = evolve(state, seal(draft, seq++));
  }
  return state;
}

const voteOf =
  (voter: Signer, vote: 'grant' | 'deny') =>
  (state: Approval): ApprovalCommand => ({
    type: 'vote',
    vote: castVote(
      {
        ledger,
        request: state.phase === 'none' ? action : state.requestDigest,
        action,
        channel: 'human',
        vote,
        reason: 'looked at it',
        expiresAt: 2_000,
      },
      voter,
    ),
  });

describe('an approval', () => {
  it('is granted by enough approvers', () => {
    const state = given([() => requestOf(1), voteOf(approver, 'grant')]);
    expect(state).toMatchObject({ phase: 'resolved', outcome: 'granted', voters: [approver.id] });
  });

  it('is denied by one veto', () => {
    const state = given([() => requestOf(2), voteOf(approver, 'deny')]);
    expect(state).toMatchObject({ phase: 'resolved', outcome: 'denied', voters: [approver.id] });
  });

  it('stays open until the quorum is reached', () => {
    expect(given([() => requestOf(2), voteOf(approver, 'grant')]).phase).toBe('open');
  });

  it('names what caused each of its entries: the request, or the vote just before', () => {
    const open = given([() => requestOf(1)]);
    const request = open.phase === 'none' ? '' : open.requestDigest;
    const late = decide(open, { type: 'expire' }, { ...context, nowMs: 2_000 });
    const voted = decide(open, voteOf(approver, 'grant')(open), context);
    expect([voted, late].map((made) => made.ok && made.value.map(({ cause }) => cause))).toEqual([
      [request, 0],
      [request],
    ]);
  });

  it('expires, and not before its time', () => {
    const open = given([() => requestOf(1)]);
    const early = decide(open, { type: 'expire' }, context);
    const late = decide(open, { type: 'expire' }, { ...context, nowMs: 2_000 });
    expect(early).toMatchObject({ ok: false, refusal: { code: 'approval.closed' } });
    expect(late).toMatchObject({ ok: true, value: [{ body: { outcome: 'expired' } }] });
  });

  it.each([
    ['a vote on nothing', initialApproval, 'approval.unknown'],
    [
      'a vote on what is decided',
      given([() => requestOf(1), voteOf(approver, 'grant')]),
      'approval.closed',
    ],
  ] as const)('refuses %s', (_what, state, code) => {
    const vote = voteOf(approver, 'grant')(state);
    expect(decide(state, vote, context)).toMatchObject({ ok: false, refusal: { code } });
  });

  it('refuses a vote by the proposer', () => {
    const state = given([() => requestOf(1)]);
    const own = { ...context, proposer: approver.id };
    expect(decide(state, voteOf(approver, 'grant')(state), own)).toMatchObject({
      ok: false,
      refusal: { code: 'approval.not-approver' },
    });
  });

  it('refuses a vote after its time', () => {
    const state = given([() => requestOf(1)]);
    const late = { ...context, nowMs: 2_000 };
    expect(decide(state, voteOf(approver, 'grant')(state), late)).toMatchObject({
      ok: false,
      refusal: { code: 'approval.expired' },
    });
  });

  it('takes no vote once another channel is to be asked', () => {
    const state = given([() => passedOn]);
    const late = { ...context, nowMs: 1_500 };
    expect(decide(state, voteOf(approver, 'grant')(state), late)).toMatchObject({
      ok: false,
      refusal: { code: 'approval.passed-on' },
    });
  });
});

const passedOn: Extract<ApprovalCommand, { type: 'request' }> = {
  type: 'request',
  request: { ...requestOf(1).request, escalate: { to: 'lead', at: 1_500 } },
};
const lead: Channel = { name: 'lead', approvers, withinMs: 300, escalate: null };

describe('an approval that nobody decides in time', () => {
  const channelsOf = (...channels: readonly Channel[]): Channels =>
    new Map(channels.map((channel) => [channel.name, channel]));
  const escalated = (channels: Channels, state = given([() => passedOn]), nowMs = 1_600) =>
    decide(state, { type: 'escalate', channels }, { ...context, nowMs });

  it('is asked anew on the next channel, for as many votes, as that stands now', () => {
    const made = escalated(channelsOf({ ...lead, escalate: { to: 'top', afterMs: 100 } }));
    expect(made.ok && made.value.map(({ kind, body, cause }) => ({ kind, body, cause }))).toEqual([
      {
        kind: 'approval.resolved',
        body: {
          action,
          request: expect.any(String) as string,
          outcome: 'escalated',
          voters: [],
          reason: 'nobody decided on human in time; lead is asked',
        },
        cause: expect.any(String) as string,
      },
      {
        kind: 'approval.requested',
        body: {
          ...requestOf(1).request,
          channel: 'lead',
          expiresAt: 1_900,
          escalate: { to: 'top', at: 1_700 },
        },
        cause: 0,
      },
    ]);
  });

  it('is passed on to no channel that was asked before', () => {
    const made = escalated(channelsOf({ ...lead, escalate: { to: 'human', afterMs: 100 } }));
    const [, anew] = made.ok ? made.value : [];
    expect(anew?.body).not.toHaveProperty('escalate');
  });

  it('remembers the channel that it was held on', () => {
    const made = escalated(channelsOf(lead));
    const state = (made.ok ? made.value : []).reduce<Approval>(
      (before, draft, index) => evolve(before, seal({ ...draft, cause: null }, index + 1)),
      given([() => passedOn]),
    );
    expect(state).toMatchObject({ phase: 'open', channels: ['human', 'lead'] });
  });

  it.each([
    ['before its time', channelsOf(lead), 1_499, 'approval.closed'],
    ['when its time has run out', channelsOf(lead), 2_000, 'approval.closed'],
    ['to a channel that is not there', channelsOf(), 1_600, 'channel.unknown'],
    [
      'to a channel of nobody',
      channelsOf({ ...lead, approvers: [signerFrom(9).id] }),
      1_600,
      'approval.unreachable',
    ],
  ])('is not passed on %s', (_, channels, nowMs, code) => {
    expect(escalated(channels, undefined, nowMs)).toMatchObject({ ok: false, refusal: { code } });
  });
});
