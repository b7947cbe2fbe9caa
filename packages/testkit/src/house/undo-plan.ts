import type { Digest } from '@chancery/kernel/encoding';
import { undoPlanDigest } from '@chancery/kernel/replay';
import type { BranchPoint } from '@chancery/runtime/drive';
import { planUndoing } from '@chancery/runtime/undoing';
import type { TestHouse } from './house.ts';

/** Digest of what would be undone of a run after this entry of it, as somebody is shown it who agrees. */
export async function agreedPlan(
  { store, ledger, capabilities }: Pick<TestHouse, 'store' | 'ledger' | 'capabilities'>,
  { branched }: Pick<BranchPoint, 'branched'>,
  to: number,
): Promise<Digest> {
  const capabilityOf = (name: string) =>
    capabilities.find(({ contract }) => contract.name === name);
  const room = { store, ledger, keys: undefined, capabilityOf };
  return undoPlanDigest(await planUndoing(room, branched.source, { to, seq: branched.seq }));
}
