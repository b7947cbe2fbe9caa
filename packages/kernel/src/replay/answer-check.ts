import { approversOn } from '../channel/index.ts';
import type { Hold } from '../compiler/index.ts';
import type { Digest } from '../encoding/index.ts';
import type { Body, Entry } from '../ledger/index.ts';
import { isExpired } from '../quorum/index.ts';
import type { ApprovalCheck } from './approval-check.ts';
import type { AuthorityCheck } from './authority-check.ts';
import type { RunActions } from './run-actions.ts';

/** What an action that is held was refused by. */
interface Deciding {
  readonly authority: Pick<AuthorityCheck, 'channels' | 'trust'>;
  readonly approvals: Pick<ApprovalCheck, 'answerTo'>;
  readonly actions: Pick<RunActions, 'of'>;
  /** Key that proposed the action. */
  readonly proposer: Body<'run.started'>['actor'];
}

/**
 * Of one run: what was refused for the answer of humans has the code of that answer. What is refused
 * since nobody may answer may be another action by then, whose intent alone is recorded: whatever was
 * answered before, too few may answer then.
 */
export class AnswerCheck {
  /** By its intent, the action that humans were asked about. */
  private readonly held = new Map<Digest, Digest>();

  /** Takes an entry after it was checked. */
  take({ kind, body }: Entry): void {
    if (kind === 'proposal.suspended') this.held.set(body.action.intent, body.actionDigest);
  }

  /** How the code of a refusal differs from what was answered; `hold`: what holds the action now. */
  whyMisstated(
    { intent, trace, refusal, nowMs }: Body<'proposal.rejected'>,
    hold: Hold | undefined,
    deciding: Deciding,
  ): string | undefined {
    if (trace.holds !== 'refuse' || deciding.authority.trust === undefined) return undefined;
    if (refusal.code === 'approval.unreachable') return whyReachable(hold, deciding);
    const action = intent === null ? undefined : this.held.get(intent);
    const code = action === undefined ? undefined : answerOn(action, nowMs, deciding);
    if (refusal.code === code) return undefined;
    return `${code ?? 'nothing'} was answered, and ${refusal.code} is recorded`;
  }
}

/** Why an action does not wait for what cannot come; undefined where it does. */
function whyReachable(
  hold: Hold | undefined,
  { authority: { channels, trust }, proposer }: Deciding,
): string | undefined {
  if (hold === undefined) return 'nothing holds it, and it is refused for that nobody may answer';
  if (trust === undefined) return undefined;
  const few = approversOn(hold.channel, { channels, trust, proposer }).length;
  return few < hold.quorum ? undefined : `${few} may answer on the channel ${hold.channel}`;
}

/**
 * A human's no stands, and time that has run out is one; but what was granted and used is no answer to
 * anything that follows, and has no time that could run out.
 */
function answerOn(
  action: Digest,
  nowMs: number,
  { actions, approvals }: Deciding,
): string | undefined {
  const answer = approvals.answerTo(action);
  if (answer === undefined) return undefined;
  if (answer.outcome === 'denied') return 'approval.denied';
  if (actions.of(action).attempt > 0) return undefined;
  const isLate = answer.outcome === 'expired' || isExpired(answer.expiresAt, nowMs);
  return isLate ? 'approval.expired' : undefined;
}
