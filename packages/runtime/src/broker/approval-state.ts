import { voteRequestOf, type Approval, type ApprovalOutcome } from '@chancery/domain/approvals';
import type { Resolution } from '@chancery/kernel/compiler';
import type { Digest } from '@chancery/kernel/encoding';
import { tally } from '@chancery/kernel/quorum';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { withoutCompromises } from '@chancery/kernel/writ';
import { expire, lapseOf, passOn } from './lapsed-approval.ts';
import { readApproval, type ReadApproval } from './recorded-approval.ts';
import type { RunContext } from './run-context.ts';

type ResolvedApproval = Extract<Approval, { phase: 'resolved' }>;

/**
 * The human's answer to a held action, undefined while there is none. A request whose time has run
 * out is closed first, or passed on to the next channel, so that the answer is on the ledger.
 */
export async function resolutionOf(
  run: RunContext,
  action: Digest,
): Promise<{ readonly resolution: Resolution; readonly read: ReadApproval } | undefined> {
  const closing = { journal: run.journal, authority: run.authority, proposer: run.actor };
  for (;;) {
    const read = await readApproval(run.journal.store, action);
    const { approval } = read;
    if (approval.phase === 'none') return undefined;
    if (approval.phase === 'resolved') {
      return { read, resolution: await resolvedBy(run, approval) };
    }
    const lapse = lapseOf(approval, run.journal.clock.nowMs());
    if (lapse === 'expired') await expire(closing, read);
    else if (lapse === undefined || !(await passOn(closing, read))) return undefined;
  }
}

async function resolvedBy(run: RunContext, approval: ResolvedApproval): Promise<Resolution> {
  await checkGrant(run, approval);
  const { request, channels, voters, outcome } = approval;
  const { action, channel, quorum, expiresAt } = request;
  return {
    action,
    channel: channels[0] ?? channel,
    outcome: finalOutcome(outcome, action),
    ...{ voters, expiresAt },
    asked: { channel, of: quorum.of },
    quorum: quorum.m,
    used: run.trajectory.executions.has(action),
  };
}

/** What is escalated is asked anew in the same batch, so that it is never the last that is told. */
function finalOutcome(outcome: ApprovalOutcome, action: Digest): Resolution['outcome'] {
  if (outcome !== 'escalated') return outcome;
  const why = `the approval of action ${action} was passed on to nobody`;
  throw new RefusalError(refusal('ledger.corrupt', why));
}

/**
 * A grant is what the votes said when it was recorded, not what an entry says of them. Whether their
 * keys may still be believed is asked when it is used.
 * @throws {RefusalError} `ledger.corrupt` for a grant that the recorded votes do not make.
 */
async function checkGrant(run: RunContext, approval: ResolvedApproval): Promise<void> {
  if (approval.outcome !== 'granted') return;
  const { requestDigest, request, votes, votedAt, resolvedAtMs: nowMs } = approval;
  const trust = withoutCompromises(await run.authority.trust());
  const asked = voteRequestOf(run.ledger, requestDigest, request);
  const count = tally({ request: asked, votes, votedAt, trust, proposer: run.actor, nowMs });
  if (count.outcome === 'granted') return;
  const why = `the grant of action ${request.action} is not what its votes say`;
  throw new RefusalError(refusal('ledger.corrupt', why));
}
