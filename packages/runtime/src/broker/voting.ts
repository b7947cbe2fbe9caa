import { decide } from '@chancery/domain/approvals';
import type { Digest, KeyId, Signer } from '@chancery/kernel/encoding';
import { castVote } from '@chancery/kernel/quorum';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Speaking } from '../authority/index.ts';
import { Journal } from '../journal/index.ts';
import { readApproval, type ReadApproval } from './recorded-approval.ts';

export interface Ballot {
  readonly action: Digest;
  /** Key that proposed the action: it has no voice of its own. */
  readonly proposer: KeyId;
  readonly vote: 'grant' | 'deny';
  readonly reason: string;
  readonly voter: Signer;
}

export type Voted = 'granted' | 'denied' | 'pending';

/**
 * Signs a vote on a held action and records it with what it decides, whoever else votes at the same
 * moment. It is recorded as of the moment at which it was counted: not after a limit that it was in
 * time for. Refuses `approval.unknown`, `approval.closed`, and as `decide` does.
 */
export async function recordVote(
  { store, ledger, clock, authority }: Speaking,
  { proposer, voter, ...ballot }: Ballot,
): Promise<Result<Voted>> {
  const journal = new Journal({ store, ledger, by: voter.id, clock });
  for (;;) {
    const { trust, keys } = await authority.controls();
    const read = await readApproval(store, ballot.action);
    const asked = askedIn(read);
    if (!asked.ok) return asked;
    const decidedAtMs = clock.nowMs();
    const vote = castVote({ ledger, ...asked.value, ...ballot }, voter);
    const context = { trust, proposer, nowMs: decidedAtMs };
    const drafts = decide(read.approval, { type: 'vote', vote }, context);
    if (!drafts.ok) return drafts;
    const reliance = { reads: [keys], decidedAtMs };
    const heads = new Map([[read.stream, read.head]]);
    const written = await journal.append(heads, drafts.value, reliance);
    if (written.kind === 'conflict') continue;
    const resolved = drafts.value.find((draft) => draft.kind === 'approval.resolved');
    const outcome = resolved?.body.outcome;
    return done(outcome === 'granted' || outcome === 'denied' ? outcome : 'pending');
  }
}

/** What is asked, as a vote names it. */
function askedIn({ approval }: ReadApproval): Result<{
  readonly request: Digest;
  readonly channel: string;
  readonly expiresAt: number;
}> {
  if (approval.phase === 'none') return refused('approval.unknown', 'nobody was asked about it');
  if (approval.phase === 'resolved') {
    return refused('approval.closed', 'the request has been decided');
  }
  const { channel, expiresAt } = approval.request;
  return done({ request: approval.requestDigest, channel, expiresAt });
}
