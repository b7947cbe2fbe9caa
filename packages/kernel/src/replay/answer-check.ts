import { approversOn } from '../channel/index.ts';
import { type Hold } from '../compiler/index.ts';
import { type Digest } from '../encoding/index.ts';
import { type Body, type Entry } from '../ledger/index.ts';
import { isExpired } from '../quorum/index.ts';
import { type ApprovalCheck } from './approval-check.ts';
import { type AuthorityCheck } from './authority-check.ts';

/** What an action that is held was refused by. */
interface Deciding {
  readonly authority: Pick<AuthorityCheck, 'channels' | 'trust'>;
  readonly approvals: Pick<ApprovalCheck, 'answerTo'>;
  /** Key that proposed the action. */
  readonly proposer: Body<'run.started'>['actor'];
}

/** Of one run: what was refused for the answer of humans has the code of that answer. */
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
    { authority, approvals, proposer }: Deciding,
  ): string | undefined {
    if (trace.holds !== 'refuse' || authority.trust === undefined) return undefined;
    const action = intent === null ? undefined : this.held.get(intent);
    const answer = action === undefined ? undefined : approvals.answerTo(action);
    const code = codeOf(answer, nowMs);
    if (refusal.code !== code) return `${code} was answered, and ${refusal.code} is recorded`;
    if (code !== 'approval.unreachable') return undefined;
    if (hold === undefined) return 'nothing holds it, and it is refused for that nobody may answer';
    const { channels, trust } = authority;
    const few = approversOn(hold.channel, { channels, trust, proposer }).length;
    return few < hold.quorum ? undefined : `${few} may answer on the channel ${hold.channel}`;
  }
}

/** A human's no stands, and time that has run out is one. */
function codeOf(answer: ReturnType<ApprovalCheck['answerTo']>, nowMs: number): string {
  if (answer?.outcome === 'denied') return 'approval.denied';
  const isLate = answer !== undefined && isExpired(answer.expiresAt, nowMs);
  return answer?.outcome === 'expired' || isLate ? 'approval.expired' : 'approval.unreachable';
}
