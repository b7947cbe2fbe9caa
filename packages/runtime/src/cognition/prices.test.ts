import { describe, expect, test } from 'vitest';
import { spendOf } from '@chancery/kernel/account';
import { isFree, listPriceOf, localPrice } from './index.ts';

test('a call on one’s own machine is nothing', () => {
  expect(spendOf(localPrice, { inputTokens: 10, cachedInputTokens: 5, outputTokens: 7 })).toEqual({
    tokens: 17,
    costMicrousd: 0,
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
      expect(listPriceOf(`anthropic:${name}`)).toEqual(sonnet);
    },
  );

  test('of a dated model of OpenAI is that of the model', () => {
    expect(listPriceOf('openai:gpt-5-mini-2025-08-07')).toEqual(listPriceOf('openai:gpt-5-mini'));
    expect(listPriceOf('openai:gpt-5-mini')).toMatchObject({ inputMicrousd: 250_000 });
  });

  test.each([
    ['anthropic', 'gpt-5'],
    ['anthropic', 'claude-sonnet-4-5-preview'],
    ['openai-compatible', 'gpt-5'],
    ['openai', 'toString'],
    ['__proto__', 'gpt-5'],
  ])('of %s:%s is not known', (provider, name) => {
    expect(listPriceOf(`${provider}:${name}`)).toBeUndefined();
  });
});

test.each(['inputMicrousd', 'cachedInputMicrousd', 'outputMicrousd'])(
  'a price is free unless something costs: %s',
  (part) => {
    expect(isFree(localPrice)).toBe(true);
    expect(isFree({ ...localPrice, [part]: 1 })).toBe(false);
  },
);
