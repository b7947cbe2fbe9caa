import { decide } from '@chancery/domain/approvals';
import { type Digest, type Signer } from '@chancery/kernel/encoding';
import { castVote } from '@chancery/kernel/quorum';
import { RefusalError } from '@chancery/kernel/refusal';
import { readApproval } from '@chancery/runtime/broker';
import { Journal } from '@chancery/runtime/journal';
import { type TestHouse } from '@chancery/testkit/house';

/**
 * Has the owner of a house, or another, answer what a held action waits for.
 * @throws {RefusalError} when the vote is refused.
 */
export async function vote(
  { store, ledger, clock, owner, actor, authority }: TestHouse,
  action: Digest,
  answer: 'grant' | 'deny',
  voter: Signer = owner,
): Promise<void> {
  const { approval, stream, head } = await readApproval(store, action);
  if (approval.phase !== 'open') throw new Error('nothing is asked');
  const { channel, expiresAt } = approval.request;
  const about = { ledger, request: approval.requestDigest, action, channel, expiresAt };
  const cast = castVote({ ...about, vote: answer, reason: 'test' }, voter);
  const context = { trust: await authority.trust(), proposer: actor.id, nowMs: clock.nowMs() };
  const drafts = decide(approval, { type: 'vote', vote: cast }, context);
  if (!drafts.ok) throw new RefusalError(drafts.refusal);
  const journal = new Journal({ store, ledger, by: voter.id, clock });
  await journal.append(new Map([[stream, head]]), drafts.value);
}
