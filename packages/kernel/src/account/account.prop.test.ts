import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import {
  addAmounts,
  dimensions,
  leftOf,
  minAmounts,
  overrunOf,
  sumOf,
  takenOf,
  zeroAmounts,
  type Account,
  type Amounts,
} from './index.ts';

const amount = fc.nat({ max: 100 });
const amounts: fc.Arbitrary<Amounts> = fc.record({
  tokens: amount,
  costMicrousd: amount,
  calls: amount,
  wallMs: amount,
  cpuMs: amount,
  bytesOut: amount,
});
const accounts: fc.Arbitrary<Account> = fc.record({
  granted: amounts,
  carved: amounts,
  reserved: amounts,
  spent: amounts,
  returned: amounts,
});

describe('laws of accounts', () => {
  it('nothing of what was granted is lost, and nothing comes from nowhere', () => {
    fc.assert(
      fc.property(accounts, (account) => {
        const { granted, carved, reserved, spent, returned } = account;
        const whole = addAmounts(granted, overrunOf(account));
        expect(sumOf([carved, reserved, spent, returned, leftOf(account)])).toEqual(whole);
      }),
      cases(100),
    );
  });

  it('a dimension is overrun or has something left, and never both', () => {
    fc.assert(
      fc.property(accounts, (account) => {
        const left = leftOf(account);
        const overrun = overrunOf(account);
        for (const name of dimensions) expect(Math.min(left[name], overrun[name])).toBe(0);
      }),
      cases(100),
    );
  });

  it('what fits what is left can be taken, and overruns nothing that was not overrun', () => {
    fc.assert(
      fc.property(accounts, amounts, (account, most) => {
        const wanted = minAmounts(most, leftOf(account));
        const after = { ...account, reserved: addAmounts(account.reserved, wanted) };
        expect(overrunOf(after)).toEqual(overrunOf(account));
        expect(takenOf(after)).toEqual(addAmounts(takenOf(account), wanted));
      }),
      cases(300),
    );
  });

  it('the sum of nothing is nothing', () => {
    expect(sumOf([])).toEqual(zeroAmounts);
  });
});
