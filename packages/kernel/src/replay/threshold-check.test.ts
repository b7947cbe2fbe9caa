import {
  forging,
  ledgerFixture,
  RunStory,
  told,
  type FixtureOptions,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { zeroAmounts } from '../account/index.ts';
import { contractsWithoutThresholds, type Draft } from '../ledger/index.ts';

/** A run that spends 20 of its 40 tokens, and one of its two calls. */
function half(options: FixtureOptions = {}): LedgerFixture {
  const budget = { ...zeroAmounts, tokens: 40, costMicrousd: 100, calls: 2, wallMs: 2_000 };
  const fixture = ledgerFixture({ terms: { budget }, ...options });
  const story = new RunStory(fixture);
  story.start();
  story.think();
  story.think();
  story.act();
  story.finish();
  return fixture;
}

const isNotice = ({ kind }: Draft): boolean => kind === 'budget.threshold-crossed';

describe('a threshold of a budget', () => {
  test('is told in the batch of the entry that crosses it, and is its cause', () => {
    const { entries } = half().recorder;
    const notices = entries.flatMap(({ entry }) =>
      entry.kind === 'budget.threshold-crossed' ? [entry] : [],
    );
    const kindOf = (cause: string | null): string | undefined =>
      entries.find(({ digest }) => digest === cause)?.entry.kind;
    expect(notices.map(({ body, cause }) => [body, kindOf(cause)])).toEqual([
      [{ dimension: 'tokens', percent: 50, spent: 20, granted: 40 }, 'model.responded'],
      [{ dimension: 'calls', percent: 50, spent: 1, granted: 2 }, 'commit'],
    ]);
    expect(told(half())).toEqual([]);
  });

  test('is missed where it is not told', () => {
    const edit = (drafts: readonly Draft[]): readonly Draft[] =>
      drafts.filter((draft) => !isNotice(draft));
    expect(told(half({ edit }))).toEqual([
      'budget.misstated at model.responded',
      'budget.misstated at commit',
    ]);
  });

  test.each([
    ['another share', { percent: 90 }],
    ['another dimension', { dimension: 'cpuMs' }],
    ['more than is spent', { spent: 21 }],
    ['less than was granted', { granted: 39 }],
  ] as const)('is found where it tells %s', (_what, change) => {
    const edit = forging('budget.threshold-crossed', (body) =>
      body.dimension === 'tokens' ? { ...body, ...change } : body,
    );
    expect(told(half({ edit }))).toEqual([
      'budget.misstated at model.responded',
      'budget.misstated at budget.threshold-crossed',
    ]);
  });

  test('is not told in a run of a contract before thresholds, and is found where it is', () => {
    const [contractDigest = ''] = contractsWithoutThresholds;
    const older = (draft: Draft): Draft =>
      draft.kind === 'run.started' ? { ...draft, body: { ...draft.body, contractDigest } } : draft;
    const without = half({
      edit: (drafts) => drafts.filter((draft) => !isNotice(draft)).map(older),
    });
    expect(told(without)).toEqual(['contract.drift at run.started']);
    expect(told(half({ edit: (drafts) => drafts.map(older) }))).toContain(
      'budget.misstated at budget.threshold-crossed',
    );
  });

  test('is found where it is told again, or later than in its batch', () => {
    const twice = (drafts: readonly Draft[]): readonly Draft[] => [
      ...drafts,
      ...drafts.filter(isNotice),
    ];
    expect(told(half({ edit: twice }))).toEqual(['budget.misstated at budget.threshold-crossed']);
    const apart = (drafts: readonly Draft[]): boolean => drafts.some(isNotice);
    expect(told(half({ apart }))).toContain('budget.misstated at budget.threshold-crossed');
  });
});
