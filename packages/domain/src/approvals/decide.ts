import type { Channels } from '@chancery/kernel/channel';
import type { Envelope } from '@chancery/kernel/encoding';
import type { Draft } from '@chancery/kernel/ledger';
import { checkVote, readVote, tally, type VoteRequest } from '@chancery/kernel/quorum';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import {
  approvalStream,
  approvalTransitions,
  type Approval,
  type ApprovalCommand,
  type ApprovalContext,
  type ApprovalRequest,
} from './model.ts';
import { requestOn } from './request.ts';

type Open = Extract<Approval, { phase: 'open' }>;

/** What to record for a command, all of it on the stream of the approval. */
export function decide(
  state: Approval,
  command: ApprovalCommand,
  context: ApprovalContext,
): Result<readonly Draft[]> {
  if (!approvalTransitions[state.phase].includes(command.type)) return misplaced(state);
  switch (command.type) {
    case 'request':
      return done([draftOf('approval.requested', command.request.action, command.request)]);
    case 'vote':
      return state.phase === 'open' ? vote(state, command.vote, context) : misplaced(state);
    case 'expire':
      return state.phase === 'open' ? expire(state, context) : misplaced(state);
    case 'escalate':
      return state.phase === 'open' ? escalate(state, command.channels, context) : misplaced(state);
  }
}

function misplaced(state: Approval): Result<never> {
  return state.phase === 'none'
    ? refused('approval.unknown', 'nothing waits for an approval of this action')
    : refused('approval.closed', `the request is ${state.phase}`);
}

/** What a vote has to name to count for this request. */
export function voteRequestOf(
  ledger: string,
  requestDigest: string,
  request: ApprovalRequest,
): VoteRequest {
  const { action, channel, quorum, expiresAt, escalate } = request;
  const escalatesAt = escalate?.at;
  return { ledger, request: requestDigest, action, channel, quorum, expiresAt, escalatesAt };
}

function vote(state: Open, envelope: Envelope, context: ApprovalContext): Result<readonly Draft[]> {
  const request = voteRequestOf(context.trust.ledger, state.requestDigest, state.request);
  const { trust, proposer, nowMs } = context;
  const read = readVote(envelope);
  if (!read.ok) return read;
  const unfit = checkVote(read.value, { request, trust, proposer, nowMs });
  if (unfit !== undefined) return { ok: false, refusal: unfit };
  const count = tally({
    request,
    votes: [...state.votes, envelope],
    votedAt: state.votedAt,
    trust,
    proposer,
    nowMs,
  });
  if (count.outcome === 'expired') {
    return refused('approval.expired', 'the time to vote has run out');
  }
  if (count.outcome === 'escalated') {
    const to = state.request.escalate?.to ?? '';
    return refused('approval.passed-on', `it is for the channel ${to} to answer now`);
  }
  const { action } = state.request;
  const voted = caused(draftOf('approval.voted', action, { envelope }), state.requestDigest);
  if (count.outcome === 'pending') return done([voted]);
  return done([
    voted,
    caused(
      draftOf('approval.resolved', action, {
        action,
        request: state.requestDigest,
        outcome: count.outcome,
        voters: count.voters,
        reason: read.value.vote.reason,
      }),
      votedFirst,
    ),
  ]);
}

/** The vote stands first in the batch that it resolves the request with. */
const votedFirst = 0;

function expire(state: Open, { nowMs }: ApprovalContext): Result<readonly Draft[]> {
  const { action, expiresAt } = state.request;
  if (nowMs < expiresAt) return refused('approval.closed', 'the time to vote has not run out');
  return done([
    caused(
      draftOf('approval.resolved', action, {
        action,
        request: state.requestDigest,
        outcome: 'expired',
        voters: [],
        reason: 'nobody decided in time',
      }),
      state.requestDigest,
    ),
  ]);
}

/**
 * Refuses `approval.closed` before its time, and `channel.unknown` or `approval.unreachable` where
 * nobody can be asked on the next channel: it waits out its time then, and is denied.
 */
function escalate(
  state: Open,
  channels: Channels,
  { trust, proposer, nowMs }: ApprovalContext,
): Result<readonly Draft[]> {
  const { requestDigest, request, votes, votedAt, channels: passed } = state;
  const asked = voteRequestOf(trust.ledger, requestDigest, request);
  const { outcome } = tally({ request: asked, votes, votedAt, trust, proposer, nowMs });
  if (outcome !== 'escalated') {
    return refused('approval.closed', `the request is ${outcome}, and not passed on`);
  }
  const { run, action, quorum, reason } = request;
  const to = request.escalate?.to ?? '';
  const next = channels.get(to);
  if (next === undefined) return refused('channel.unknown', `there is no channel ${to}`);
  const anew = requestOn(
    { run, action, channel: to, reason, quorum: quorum.m },
    { channels, trust, proposer, nowMs, passed, withinMs: next.withinMs },
  );
  if (!anew.ok) return anew;
  const resolved = draftOf('approval.resolved', action, {
    action,
    request: requestDigest,
    outcome: 'escalated',
    voters: [],
    reason: `nobody decided on ${request.channel} in time; ${to} is asked`,
  });
  return done([
    caused(resolved, requestDigest),
    caused(draftOf('approval.requested', action, anew.value), resolvedFirst),
  ]);
}

/** What is asked anew follows from the end of the request before it, in the same batch. */
const resolvedFirst = 0;

function draftOf<K extends 'approval.requested' | 'approval.voted' | 'approval.resolved'>(
  kind: K,
  action: string,
  body: Draft<K>['body'],
): Draft {
  return { stream: approvalStream(action), kind, body } as Draft;
}

function caused(draft: Draft, cause: string | number): Draft {
  return { ...draft, cause };
}
