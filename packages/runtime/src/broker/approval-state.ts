import {
  approvalStream,
  decide,
  evolve,
  initialApproval,
  voteRequestOf,
  type Approval,
} from '@chancery/domain/approvals';
import { type Resolution } from '@chancery/kernel/compiler';
import { type Digest } from '@chancery/kernel/encoding';
import { type Head, type LedgerStore } from '@chancery/kernel/ledger';
import { tally } from '@chancery/kernel/quorum';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { withoutCompromises } from '@chancery/kernel/writ';
import { entriesOf } from '../journal/index.ts';
import { type RunContext } from './run-context.ts';

/** The approval of an action with the head that it was read at. */
export interface ReadApproval {
  readonly approval: Approval;
  readonly stream: string;
  readonly head: Head | null;
}

type ResolvedApproval = Extract<Approval, { phase: 'resolved' }>;

export async function readApproval(store: LedgerStore, action: Digest): Promise<ReadApproval> {
  const stream = approvalStream(action);
  let approval: Approval = initialApproval;
  let head: Head | null = null;
  for await (const sealed of entriesOf(store, stream)) {
    approval = evolve(approval, sealed);
    head = { seq: sealed.entry.seq, digest: sealed.digest };
  }
  return { approval, stream, head };
}

/**
 * The human's answer to a held action, undefined while there is none. A request whose time has run
 * out is closed first, so that the answer is on the ledger.
 */
export async function resolutionOf(
  run: RunContext,
  action: Digest,
): Promise<{ readonly resolution: Resolution; readonly read: ReadApproval } | undefined> {
  let read = await readApproval(run.journal.store, action);
  if (read.approval.phase === 'open') {
    if (run.journal.clock.nowMs() < read.approval.request.expiresAt) return undefined;
    await expire(run, read);
    read = await readApproval(run.journal.store, action);
  }
  const { approval } = read;
  if (approval.phase !== 'resolved') return undefined;
  await checkGrant(run, approval);
  return {
    read,
    resolution: {
      action,
      outcome: approval.outcome,
      voters: approval.voters,
      quorum: approval.request.quorum.m,
      expiresAt: approval.request.expiresAt,
      used: run.trajectory.executions.has(action),
    },
  };
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

/** A conflict means that a vote came in at this very moment; whoever reads again sees it. */
async function expire(run: RunContext, { approval, stream, head }: ReadApproval): Promise<void> {
  const drafts = decide(
    approval,
    { type: 'expire' },
    {
      trust: await run.authority.trust(),
      proposer: run.actor,
      nowMs: run.journal.clock.nowMs(),
    },
  );
  if (!drafts.ok) throw new RefusalError(drafts.refusal);
  await run.journal.append(new Map([[stream, head]]), drafts.value);
}
