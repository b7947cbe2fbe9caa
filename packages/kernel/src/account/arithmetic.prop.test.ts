import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import {
  addAmounts,
  clampedSubtract,
  dimensions,
  fits,
  isAmounts,
  maxAmounts,
  minAmounts,
  subtractAmounts,
  type Amounts,
} from './index.ts';

const amount = fc.nat({ max: 1_000 });
const amounts: fc.Arbitrary<Amounts> = fc.record({
  tokens: amount,
  costMicrousd: amount,
  calls: amount,
  wallMs: amount,
  cpuMs: amount,
  bytesOut: amount,
});

describe('laws of amounts', () => {
  it('what is taken from a sum leaves the rest', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        expect(subtractAmounts(addAmounts(a, b), b)).toEqual(a);
        expect(addAmounts(a, b)).toEqual(addAmounts(b, a));
      }),
      cases(100),
    );
  });

  it('what fits can be taken, and what can be taken fits', () => {
    fc.assert(
      fc.property(amounts, amounts, (wanted, available) => {
        if (fits(wanted, available) === undefined) {
          const left = subtractAmounts(available, wanted);
          expect(isAmounts(left)).toBe(true);
          expect(left).toEqual(clampedSubtract(available, wanted));
        } else {
          expect(() => subtractAmounts(available, wanted)).toThrow('is not an amount');
        }
      }),
      cases(100),
    );
  });

  it('both fit the maximum, and it is one of them in each dimension', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const most = maxAmounts(a, b);
        expect([fits(a, most), fits(b, most)]).toEqual([undefined, undefined]);
        for (const name of dimensions) expect([a[name], b[name]]).toContain(most[name]);
      }),
      cases(100),
    );
  });

  it('the minimum fits both and is one of them in each dimension', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const least = minAmounts(a, b);
        expect([fits(least, a), fits(least, b)]).toEqual([undefined, undefined]);
        for (const name of dimensions) expect([a[name], b[name]]).toContain(least[name]);
      }),
      cases(100),
    );
  });
});
