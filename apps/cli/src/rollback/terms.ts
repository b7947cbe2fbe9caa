import { effects, type Contract } from '@chancery/kernel/contract';
import { sumOf, type Amounts } from '@chancery/kernel/account';
import type { Terms } from '@chancery/kernel/writ';

/** How long a human may take to approve what is held. */
export const approvalMs = 24 * 3_600_000;

/** Of a step that is done again after it was cut off. */
const spare = 4;

/** Terms of a writ for undoing: what the steps call and no more, and no model. */
export function termsOf(contracts: readonly Contract[], steps: number, nowMs: number): Terms {
  // What is irreversible leaves the machine as well.
  const wanted = new Set(
    contracts.flatMap(({ effect }) =>
      effect === 'irreversible' ? ['external', effect] : [effect],
    ),
  );
  const estimate = sumOf(contracts.map((contract) => contract.estimate));
  const times = (amount: number): number => amount * (steps + spare);
  const budget: Amounts = {
    tokens: 0,
    costMicrousd: times(estimate.costMicrousd),
    calls: times(1),
    wallMs: times(estimate.wallMs),
    cpuMs: times(estimate.cpuMs),
    bytesOut: times(estimate.bytesOut),
  };
  return {
    grants: contracts
      .map(({ name }) => ({ capability: name, where: [] }))
      .sort((a, b) => (a.capability < b.capability ? -1 : 1)),
    effects: effects.filter((effect) => effect === 'pure' || wanted.has(effect)),
    budget,
    window: { notBefore: nowMs, notAfter: nowMs + approvalMs + budget.wallMs },
    delegation: { depth: 0, children: 0 },
  };
}
