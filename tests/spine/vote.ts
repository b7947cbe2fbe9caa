import type { Digest, Signer } from '@chancery/kernel/encoding';
import { RefusalError } from '@chancery/kernel/refusal';
import { recordVote } from '@chancery/runtime/broker';
import type { TestHouse } from '@chancery/testkit/house';

/**
 * Has the owner of a house, or another, answer what a held action waits for.
 * @throws {RefusalError} when the vote is refused.
 */
export async function vote(
  house: TestHouse,
  action: Digest,
  answer: 'grant' | 'deny',
  voter: Signer = house.owner,
): Promise<void> {
  const ballot = { action, vote: answer, reason: 'test', voter, proposer: house.actor.id };
  const voted = await recordVote(house, ballot);
  if (!voted.ok) throw new RefusalError(voted.refusal);
}
