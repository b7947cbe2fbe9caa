import { forging, ledgerFixture, RunStory, told } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { Body } from '../ledger/index.ts';

type Answer = Body<'model.responded'>;
type Price = Body<'run.started'>['price'];

/** What is told of a run with one answer of its model, which tells this instead, and at another price. */
function answering(
  changes: (answer: Answer) => Partial<Answer>,
  price: Partial<Price> = {},
): readonly string[] {
  const answer = forging('model.responded', (body) => ({ ...body, ...changes(body) }));
  const start = forging('run.started', (body) => ({ ...body, price: { ...body.price, ...price } }));
  const fixture = ledgerFixture({ edit: (drafts) => answer(start(drafts)) });
  const story = new RunStory(fixture);
  story.start();
  story.think();
  return told(fixture);
}

const misstated = ['budget.misstated at model.responded'];

describe('the cost of an answer', () => {
  test('is what it used, at the price that the run was started at', () => {
    expect(answering(() => ({}))).toEqual([]);
  });

  test.each<readonly [string, (answer: Answer) => Partial<Answer>]>([
    ['less money', ({ cost }) => ({ cost: { ...cost, costMicrousd: cost.costMicrousd - 1 } })],
    ['more money', ({ cost }) => ({ cost: { ...cost, costMicrousd: cost.costMicrousd + 1 } })],
    ['fewer tokens', ({ cost }) => ({ cost: { ...cost, tokens: cost.tokens - 1 } })],
    ['nothing', () => ({ cost: { tokens: 0, costMicrousd: 0 } })],
    ['what less usage would cost', ({ usage }) => ({ usage: { ...usage, inputTokens: 4 } })],
    [
      'what no account can hold',
      ({ usage }) => ({ usage: { ...usage, inputTokens: Number.MAX_SAFE_INTEGER } }),
    ],
  ])('is found when it is said to be %s', (_, changes) => {
    expect(answering(changes)).toEqual(misstated);
  });

  test('is found where usage at such a price is beyond all numbers', () => {
    const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: Number.MAX_SAFE_INTEGER };
    const dear = { outputMicrousd: Number.MAX_SAFE_INTEGER };
    expect(answering(() => ({ usage }), dear)).toEqual(misstated);
  });
});
