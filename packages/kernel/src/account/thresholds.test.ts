import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { crossings, thresholds, zeroAmounts, type Amounts } from './index.ts';

const tokens = (amount: number): Amounts => ({ ...zeroAmounts, tokens: amount });
const crossed = (before: number, after: number, granted: number): readonly number[] =>
  crossings(tokens(before), tokens(after), tokens(granted)).map(({ percent }) => percent);

describe('thresholds of a budget', () => {
  it('are crossed where the share is reached, and not before', () => {
    const steps = [4, 5, 8, 9, 10, 11];
    const told = steps.map((after, index) => crossed(steps[index - 1] ?? 0, after, 10));
    expect(told).toEqual([[], [50], [], [90], [100], []]);
    expect([crossed(0, 10, 10), crossed(0, 1, 1), crossed(0, 2, 3)]).toEqual([
      [50, 90, 100],
      [50, 90, 100],
      [50],
    ]);
  });

  it('tell what is spent and what was granted, in each dimension by itself', () => {
    const granted = { ...tokens(10), calls: 2, wallMs: Number.MAX_SAFE_INTEGER };
    const spent = { ...tokens(1), calls: 1, wallMs: Number.MAX_SAFE_INTEGER - 1 };
    const of = { dimension: 'wallMs', spent: spent.wallMs, granted: granted.wallMs };
    expect(crossings(zeroAmounts, spent, granted)).toEqual([
      { dimension: 'calls', percent: 50, spent: 1, granted: 2 },
      { ...of, percent: 50 },
      { ...of, percent: 90 },
    ]);
  });

  it('are not there for what was not granted', () => {
    expect(crossed(0, 5, 0)).toEqual([]);
  });

  it('are crossed once each however the spending is cut into steps', () => {
    const steps = fc.array(fc.nat({ max: 9 }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 60 }), (costs, granted) => {
        let spent = 0;
        const told: number[] = [];
        for (const cost of costs) {
          told.push(...crossed(spent, spent + cost, granted));
          spent += cost;
        }
        expect(told).toEqual(thresholds.filter((percent) => spent * 100 >= percent * granted));
      }),
      cases(100),
    );
  });
});
