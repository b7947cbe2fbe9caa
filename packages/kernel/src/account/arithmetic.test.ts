import { describe, expect, it } from 'vitest';
import {
  addAmounts,
  clampedSubtract,
  dimensions,
  fits,
  isAmounts,
  minAmounts,
  subtractAmounts,
  zeroAmounts,
  type Amounts,
} from './index.ts';

const most = Number.MAX_SAFE_INTEGER;
const some: Amounts = {
  tokens: 1,
  costMicrousd: 2,
  calls: 3,
  wallMs: 4,
  cpuMs: 5,
  bytesOut: 6,
};

describe('amounts', () => {
  it('adds and subtracts each dimension by itself', () => {
    const sum = addAmounts(some, some);
    expect(sum).toEqual({
      tokens: 2,
      costMicrousd: 4,
      calls: 6,
      wallMs: 8,
      cpuMs: 10,
      bytesOut: 12,
    });
    expect(subtractAmounts(sum, some)).toEqual(some);
  });

  it.each(dimensions)('throws when a sum of %s leaves the safe integers', (dimension) => {
    const full = { ...zeroAmounts, [dimension]: most };
    expect(() => addAmounts(full, some)).toThrow('is not an amount');
  });

  it.each(dimensions)('throws when more of %s is taken than there is', (dimension) => {
    expect(() => subtractAmounts(some, { ...some, [dimension]: 7 })).toThrow('is not an amount');
  });

  it('throws for fractions and for what is not a number', () => {
    expect(() => addAmounts(some, { ...some, tokens: 0.5 })).toThrow('is not an amount');
    expect(() => clampedSubtract(some, { ...some, tokens: Number.NaN })).toThrow();
    expect(() => minAmounts(some, { ...some, tokens: -1 })).toThrow('is not an amount');
  });

  it('leaves nothing, rather than less, where a clamped subtraction takes too much', () => {
    expect(clampedSubtract(some, { ...some, calls: 1, bytesOut: 100 })).toEqual({
      ...zeroAmounts,
      calls: 2,
    });
  });

  it('names the first dimension that does not fit', () => {
    expect(fits(some, some)).toBeUndefined();
    for (const dimension of dimensions) {
      expect(fits({ ...some, [dimension]: 7 }, some)).toBe(dimension);
    }
    expect(fits({ ...some, calls: 7, bytesOut: 7 }, some)).toBe('calls');
    expect(fits({ ...some, calls: Number.NaN }, some)).toBe('calls');
  });

  it('knows an amount by its exact dimensions', () => {
    expect(isAmounts(some)).toBe(true);
    const { tokens, ...fewer } = some;
    expect(tokens).toBe(1);
    const others = [null, 'x', {}, fewer, { ...some, more: 1 }, { ...fewer, token: 1 }];
    expect(others.filter(isAmounts)).toEqual([]);
    const values = [-1, 0.5, Number.NaN, most + 1, '1', null];
    expect(values.filter((value) => isAmounts({ ...some, calls: value }))).toEqual([]);
  });
});
