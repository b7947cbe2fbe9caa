import { describe, expect, it } from 'vitest';
import { someBundle, valueOf } from '@chancery/testkit/builders';
import { policySetDigest } from '@chancery/kernel/policy';
import { TrialEpochs } from './epochs.ts';
import { triedBundles } from './trial.ts';

const bundles = ['a', 'b', 'c'].map((text) => someBundle({ text }));

describe('what was active at a position', () => {
  it('is the last set before it, and nothing before the first', () => {
    const epochs = new TrialEpochs([]);
    for (const [index, bundle] of bundles.entries()) valueOf(epochs.add(10 * index + 5, [bundle]));
    const found = [5, 14, 15, 24, 25, 99].map((position) => epochs.at(position).active.digest);
    const [a, b, c] = bundles.map((bundle) => policySetDigest([bundle]));
    expect(found).toEqual([a, a, b, b, c, c]);
    expect([epochs.covers(4), epochs.covers(5)]).toEqual([false, true]);
    expect(() => epochs.at(4)).toThrow('no policy was active at position 4');
  });
});

describe('what is tried', () => {
  it('is for the repository that the policy in whose place it would be is for', () => {
    const [before, tried, other] = [
      someBundle({ level: 'repository', text: 'before' }),
      someBundle({ level: 'repository', text: 'tried' }),
      someBundle(),
    ];
    const active = [other, { bundle: before, repository: '/a' }];
    const trial = { kind: 'with', bundle: tried } as const;
    expect(triedBundles(active, [trial])).toEqual([other, { bundle: tried, repository: '/a' }]);
    expect(triedBundles([other, before], [trial])).toEqual([other, tried]);
    const without = { kind: 'without', level: 'repository', name: before.name } as const;
    expect(triedBundles(active, [without])).toEqual([other]);
  });
});
