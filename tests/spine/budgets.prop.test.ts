import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { addAmounts, fits, sumOf, zeroAmounts } from '@chancery/kernel/account';
import { plans } from './budget-plan.ts';
import { Scene } from './budget-scene.ts';
import { booksAfterEach, sumsOf } from './books.ts';
import { findingsOf } from './drive.ts';

/** 10,000 in the long run. */
const runs = cases(40);

describe('any tree of writs, in any order, dying anywhere', () => {
  it('never spends more than its root has, and loses nothing', async () => {
    await fc.assert(
      fc.asyncProperty(plans({ honest: true }), fc.scheduler(), async (plan, scheduler) => {
        const scene = new Scene(plan, scheduler);
        const house = await scheduler.waitFor(scene.live());
        for await (const { accounts, told } of booksAfterEach(house.ledger, scene.store.batches)) {
          if (accounts.length === 0) continue;
          const { spent, reserved, left, overrun } = sumsOf(accounts);
          expect(sumOf([spent, reserved, left])).toEqual(canonical(plan.root));
          expect(fits(addAmounts(spent, reserved), plan.root)).toBeUndefined();
          expect(overrun).toEqual(zeroAmounts);
          expect(spent).toEqual(told);
          expect(accounts[0]?.total).toEqual({ spent, reserved });
        }
        expect(await findingsOf(house)).toEqual([]);
      }),
      runs,
    );
  });

  it('is overspent by nothing but what is told to have cost more than it had reserved', async () => {
    await fc.assert(
      fc.asyncProperty(plans({ honest: false }), fc.scheduler(), async (plan, scheduler) => {
        const scene = new Scene(plan, scheduler);
        const house = await scheduler.waitFor(scene.live());
        let over = zeroAmounts;
        for await (const { accounts, told } of booksAfterEach(house.ledger, scene.store.batches)) {
          if (accounts.length === 0) continue;
          const { spent, reserved, left, overrun } = sumsOf(accounts);
          expect(sumOf([spent, reserved, left])).toEqual(addAmounts(plan.root, overrun));
          expect(spent).toEqual(told);
          over = overrun;
        }
        const codes = new Set((await findingsOf(house)).map(({ code }) => code));
        expect([...codes]).toEqual(fits(over, zeroAmounts) === undefined ? [] : ['budget.overrun']);
      }),
      runs,
    );
  });
});

/** Members in the order that sums have. */
function canonical(amounts: typeof zeroAmounts): typeof zeroAmounts {
  return addAmounts(amounts, zeroAmounts);
}
