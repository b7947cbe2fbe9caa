import { decide, type Approval, type ApprovalContext } from '@chancery/domain/approvals';
import type { KeyId } from '@chancery/kernel/encoding';
import type { Draft } from '@chancery/kernel/ledger';
import { heardFor, isExpired } from '@chancery/kernel/quorum';
import { RefusalError } from '@chancery/kernel/refusal';
import type { Authority } from '../authority/index.ts';
import type { Journal } from '../journal/index.ts';
import type { ReadApproval } from './recorded-approval.ts';

/** What it takes to close a request whose time has run out. */
export interface Closing {
  /** Writes in the name of the proposer, or of one who may vote. */
  readonly journal: Journal;
  readonly authority: Authority;
  /** Key that proposed the action. */
  readonly proposer: KeyId;
}

/** What has become of a request that nobody has decided, by its own times; undefined while it waits. */
export function lapseOf(approval: Approval, nowMs: number): 'expired' | 'escalated' | undefined {
  if (approval.phase !== 'open') return undefined;
  const { expiresAt, escalate } = approval.request;
  if (isExpired(expiresAt, nowMs)) return 'expired';
  return escalate !== undefined && isExpired(escalate.at, nowMs) ? 'escalated' : undefined;
}

/** Records that time has denied. Whatever came in at this very moment is seen by who reads again. */
export async function expire(closing: Closing, read: ReadApproval): Promise<void> {
  const { journal, authority, proposer } = closing;
  const { approval, stream, head } = read;
  const context = { trust: await authority.trust(), proposer, nowMs: journal.clock.nowMs() };
  const drafts = decide(approval, { type: 'expire' }, context);
  if (!drafts.ok) throw new RefusalError(drafts.refusal);
  await journal.append(new Map([[stream, head]]), drafts.value);
}

/**
 * Records that nobody has decided in time, and asks on the next channel, as it is defined now. Answers
 * whether to read again: not where the next channel has nobody who may be asked, or where it would be
 * in the name of one whom neither channel asks.
 */
export async function passOn(closing: Closing, read: ReadApproval): Promise<boolean> {
  const { journal, authority, proposer } = closing;
  const { approval, stream, head } = read;
  const { trust, channels, head: defined, keys } = await authority.policies();
  const context = { trust, proposer, nowMs: journal.clock.nowMs() };
  const drafts = decide(approval, { type: 'escalate', channels }, context);
  if (!drafts.ok || !mayPassOn(journal.by, { ...context, drafts: drafts.value, approval })) {
    return false;
  }
  const reads = [keys, { stream: 'policy', head: defined }];
  await journal.append(new Map([[stream, head]]), drafts.value, { reads });
  return true;
}

interface PassingOn extends ApprovalContext {
  readonly drafts: readonly Draft[];
  readonly approval: Approval;
}

/** Whether it is the proposer, or one who may vote before or after. */
function mayPassOn(by: KeyId, { drafts, approval, ...context }: PassingOn): boolean {
  if (by === context.proposer) return true;
  const before = approval.phase === 'open' ? [approval.request] : [];
  const after = drafts.flatMap((draft) =>
    draft.kind === 'approval.requested' ? [draft.body] : [],
  );
  return [...before, ...after].some(({ channel, quorum: { of } }) => {
    return heardFor(by, { ...context, of, channel }).length > 0;
  });
}
