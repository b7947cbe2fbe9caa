import { describe, expect, test } from 'vitest';
import { costMicrousd, isFree, localPrice, priceOf, reserve, spendOf } from './index.ts';

const price = {
  inputMicrousd: 3_000_000,
  cachedInputMicrousd: 300_000,
  outputMicrousd: 15_000_000,
  source: 'test',
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

  test('that is no safe integer is a fault', () => {
    expect(() => costMicrousd(price, usage(Number.MAX_SAFE_INTEGER, 0, 0))).toThrow(
      'not a safe integer',
    );
  });

  test('on one’s own machine is nothing', () => {
    expect(spendOf(localPrice, usage(10, 5, 7))).toEqual({ tokens: 17, costMicrousd: 0 });
  });
});

test('a reservation takes nothing as cached, and the dearer of both inputs', () => {
  expect(reserve(price, 1000, 100)).toEqual({ tokens: 1100, costMicrousd: 4500 });
  expect(reserve({ ...price, cachedInputMicrousd: 6_000_000 }, 1000, 100)).toEqual({
    tokens: 1100,
    costMicrousd: 7500,
  });
});

describe('the list price', () => {
  const sonnet = {
    inputMicrousd: 3_000_000,
    cachedInputMicrousd: 300_000,
    outputMicrousd: 15_000_000,
    source: 'list price 2025-11, anthropic.com/pricing',
  };

  test.each(['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5-latest'])(
    'of %s is known',
    (name) => {
      expect(priceOf('anthropic', name)).toEqual(sonnet);
    },
  );

  test('of a dated model of OpenAI is that of the model', () => {
    expect(priceOf('openai', 'gpt-5-mini-2025-08-07')).toEqual(priceOf('openai', 'gpt-5-mini'));
    expect(priceOf('openai', 'gpt-5-mini')).toMatchObject({ inputMicrousd: 250_000 });
  });

  test.each([
    ['anthropic', 'gpt-5'],
    ['anthropic', 'claude-sonnet-4-5-preview'],
    ['openai-compatible', 'gpt-5'],
    ['openai', 'toString'],
    ['__proto__', 'gpt-5'],
  ])('of %s:%s is not known', (provider, name) => {
    expect(priceOf(provider, name)).toBeUndefined();
  });
});

test.each(['inputMicrousd', 'cachedInputMicrousd', 'outputMicrousd'])(
  'a price is free unless something costs: %s',
  (part) => {
    expect(isFree(localPrice)).toBe(true);
    expect(isFree({ ...localPrice, [part]: 1 })).toBe(false);
  },
);
