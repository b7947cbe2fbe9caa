import { zeroAmounts, type Amounts } from '@chancery/kernel/account';
import { someDigest } from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import { spendByModel, spendTree, type GrantedWrit, type SpendingRun } from './index.ts';

const tokens = (amount: number): Amounts => ({ ...zeroAmounts, tokens: amount });
const [root = '', team = '', first = '', second = '', other = ''] = [1, 2, 3, 4, 5].map((n) =>
  someDigest(`writ ${n}`),
);

function writ(id: string, parent: string | null, change: Partial<GrantedWrit> = {}): GrantedWrit {
  const none = { granted: tokens(0), carved: tokens(0), returned: tokens(0) };
  return { id, parent, ...none, ...change };
}

function run(of: string, change: Partial<SpendingRun> = {}): SpendingRun {
  const none = { spent: tokens(0), reserved: tokens(0), status: { phase: 'open' } } as const;
  return { run: of.slice(0, 4), model: 'a:one', pricedBy: 'a list', writ: of, ...none, ...change };
}

/** A root of 100 with two runs below a team, one of which has ended, and a root of 10 with its run. */
const writs = [
  writ(root, null, { granted: tokens(100), carved: tokens(60) }),
  writ(team, root, { granted: tokens(60), carved: tokens(27) }),
  writ(other, null, { granted: tokens(10) }),
  writ(first, team, { granted: tokens(20), returned: tokens(13) }),
  writ(second, team, { granted: tokens(20) }),
];
const runs = [
  run(first, { spent: tokens(7) }),
  run(second, { spent: tokens(4), reserved: tokens(5), model: 'a:two' }),
  run(other, { spent: tokens(12) }),
];

describe('the accounts of writs', () => {
  it('stand as a tree, each with what is left of it and with what all below it have spent', () => {
    const shown = spendTree(writs, runs).map((node) => ({
      id: node.id,
      depth: node.depth,
      run: node.run?.run,
      left: node.left.tokens,
      overrun: node.overrun.tokens,
      total: [node.total.spent.tokens, node.total.reserved.tokens],
    }));
    expect(shown).toEqual([
      { id: root, depth: 0, run: undefined, left: 40, overrun: 0, total: [11, 5] },
      { id: team, depth: 1, run: undefined, left: 33, overrun: 0, total: [11, 5] },
      { id: first, depth: 2, run: first.slice(0, 4), left: 0, overrun: 0, total: [7, 0] },
      { id: second, depth: 2, run: second.slice(0, 4), left: 11, overrun: 0, total: [4, 5] },
      { id: other, depth: 0, run: other.slice(0, 4), left: 0, overrun: 2, total: [12, 0] },
    ]);
  });

  it('are those of one writ and all below it where one is asked for', () => {
    const below = spendTree(writs, runs, team);
    expect(below.map(({ id, depth }) => [id, depth])).toEqual([
      [team, 0],
      [first, 1],
      [second, 1],
    ]);
    expect(spendTree(writs, runs, someDigest('no writ'))).toEqual([]);
  });

  it('sum to what each model came to, the dearest first', () => {
    const dear = { ...tokens(3), costMicrousd: 5 };
    const nodes = spendTree(writs, [...runs.slice(0, 2), run(other, { spent: dear, model: 'b' })]);
    expect(spendByModel(nodes)).toEqual([
      { model: 'b', pricedBy: ['a list'], runs: 1, spent: dear },
      { model: 'a:one', pricedBy: ['a list'], runs: 1, spent: tokens(7) },
      { model: 'a:two', pricedBy: ['a list'], runs: 1, spent: tokens(4) },
    ]);
  });

  it('tell of each model once where its prices come from', () => {
    const sources = ['price table', 'a list', 'price table'];
    const priced = runs.map((each, n) => ({ ...each, model: 'a:one', pricedBy: sources[n] ?? '' }));
    expect(spendByModel(spendTree(writs, priced))).toMatchObject([
      { model: 'a:one', pricedBy: ['a list', 'price table'], runs: 3 },
    ]);
  });
});
