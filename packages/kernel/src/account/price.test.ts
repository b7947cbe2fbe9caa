import { describe, expect, test } from 'vitest';
import { costMicrousd, reserve, spendOf } from './index.ts';

const price = {
  inputMicrousd: 3_000_000,
  cachedInputMicrousd: 300_000,
  outputMicrousd: 15_000_000,
};

function usage(inputTokens: number, cachedInputTokens: number, outputTokens: number) {
  return { inputTokens, cachedInputTokens, outputTokens };
}

describe('the cost of a call', () => {
  test.each([
    [usage(0, 0, 0), 0],
    [usage(1_000_000, 0, 0), 3_000_000],
    [usage(1_000_000, 1_000_000, 0), 300_000],
    [usage(1000, 400, 10), 1800 + 120 + 150],
    [usage(10, 20, 0), 3],
  ])('of %j is %i micro-USD', (used, cost) => {
    expect(costMicrousd(price, used)).toBe(cost);
  });

  test('is rounded up', () => {
    expect(costMicrousd({ ...price, inputMicrousd: 1 }, usage(1, 0, 0))).toBe(1);
    expect(costMicrousd({ ...price, inputMicrousd: 1 }, usage(1_000_001, 0, 0))).toBe(2);
  });

  test('is exact where a double would not be', () => {
    const dear = { ...price, inputMicrousd: 999_999_999_999 };
    expect(costMicrousd(dear, usage(9_007_199_253, 0, 0))).toBe(9_007_199_252_990_993);
  });

  test('stands beside all its tokens', () => {
    expect(spendOf(price, usage(1000, 400, 10))).toEqual({ tokens: 1010, costMicrousd: 2070 });
  });

  test('that is no safe integer is a fault', () => {
    expect(() => costMicrousd(price, usage(Number.MAX_SAFE_INTEGER, 0, 0))).toThrow(
      'not a safe integer',
    );
  });
});

test('a reservation takes nothing as cached, and the dearer of both inputs', () => {
  expect(reserve(price, 1000, 100)).toEqual({ tokens: 1100, costMicrousd: 4500 });
  expect(reserve({ ...price, cachedInputMicrousd: 6_000_000 }, 1000, 100)).toEqual({
    tokens: 1100,
    costMicrousd: 7500,
  });
});
