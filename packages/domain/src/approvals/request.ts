import { approversOn, type ApproversContext } from '@chancery/kernel/channel';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { ApprovalRequest } from './model.ts';

/** What is asked, on which channel. */
export interface Asking extends Pick<ApprovalRequest, 'run' | 'action' | 'channel' | 'reason'> {
  /** How many must grant. */
  readonly quorum: number;
}

export interface AskingContext extends ApproversContext {
  readonly nowMs: number;
  /** How long there is to answer on a channel that is not defined, milliseconds. */
  readonly withinMs: number;
  /** Channels on which the same was asked before: it is passed on to none of them. */
  readonly passed: readonly string[];
}

/**
 * A request, with whom the channel asks and for how long as it is defined now: what becomes of the
 * channel afterwards changes nothing of it. Refuses `approval.unreachable`.
 */
export function requestOn(asking: Asking, context: AskingContext): Result<ApprovalRequest> {
  const { run, action, channel, reason, quorum: m } = asking;
  const { channels, nowMs, passed } = context;
  const of = approversOn(channel, context);
  if (of.length < m) {
    return refused('approval.unreachable', `${m} must approve on ${channel}, and ${of.length} may`);
  }
  const { withinMs, escalate } = channels.get(channel) ?? { ...context, escalate: null };
  const request = { run, action, channel, quorum: { m, of }, reason, expiresAt: nowMs + withinMs };
  if (escalate === null || passed.includes(escalate.to)) return done(request);
  return done({ ...request, escalate: { to: escalate.to, at: nowMs + escalate.afterMs } });
}
