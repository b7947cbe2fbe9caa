import { describe, expect, it } from 'vitest';
import { someDigest, valueOf } from '@chancery/testkit/builders';
import { bundleOf, rule } from '@chancery/testkit/house';
import type { JsonObject } from '../encoding/index.ts';
import { requiredHold } from '../compiler/index.ts';
import { bundleDigest } from './bundle.ts';
import type { Bundle, Level } from './model.ts';
import { compilePolicySet } from './policy-set.ts';
import { compileRunPolicies, narrowedDigest, noRunPolicies } from './run-policies.ts';

const of = (rules: Readonly<Record<string, JsonObject>>, level: Level = 'run'): Bundle => ({
  ...bundleOf(rules),
  ...{ name: Object.keys(rules).join('-'), level },
});
const uid = (type: string) => ({ type, id: 'x' });
const request = {
  ...{ principal: uid('Agent'), action: uid('Action'), resource: uid('Capability') },
  ...{ context: {}, entities: [] },
};
const permitting = of({ all: rule('permit') }, 'tenant');

function decided(active: readonly Bundle[], own: readonly Bundle[]) {
  const set = valueOf(compilePolicySet(active));
  return set.narrowedBy(valueOf(compileRunPolicies(own))).decide(request);
}

describe('the policies of one run', () => {
  it('have to permit as well, beside those that are active at the same level', () => {
    const active = of({ mine: rule('permit') });
    expect(decided([permitting], []).kind).toBe('permit');
    expect(decided([permitting], [of({ mine: rule('permit') })]).kind).toBe('permit');
    expect(decided([permitting, active], [of({ mine: rule('permit', 'y') })])).toMatchObject({
      ...{ kind: 'deny', unpermitted: ['run'] },
    });
    expect(decided([permitting, of({ no: rule('permit', 'y') })], [active])).toMatchObject({
      ...{ kind: 'deny', unpermitted: ['run'] },
    });
    expect(decided([], [of({ mine: rule('permit') })]).kind).toBe('deny');
  });

  it('are one level: what one of them permits is permitted', () => {
    const [one, two] = [of({ a: rule('permit', 'y') }), of({ b: rule('permit') })];
    expect(decided([permitting], [one]).kind).toBe('deny');
    expect(decided([permitting], [one, two]).kind).toBe('permit');
  });

  it('hold, and take nobody from those who are asked anyway', () => {
    const own = of({
      mine: rule('permit'),
      ask: rule('forbid', undefined, { hold: 'desk', quorum: '3', advice: 'ask the desk' }),
    });
    const above = of(
      { all: rule('permit'), ask: rule('forbid', undefined, { hold: 'leads' }) },
      'tenant',
    );
    const alone = decided([permitting], [own]);
    expect(alone).toMatchObject({ kind: 'hold', channel: 'desk', quorum: 3, byRun: true });
    const both = decided([above], [own]);
    expect(both).toMatchObject({ kind: 'hold', channel: 'leads', quorum: 3, rule: 'ask' });
    expect('byRun' in both).toBe(false);
    const builtIn = { channel: 'human', quorum: 1, rule: 'risk', reason: 'its risk is high' };
    expect(requiredHold(alone, [builtIn])).toEqual({
      ...{ channel: 'human', quorum: 3, rule: 'risk', reason: 'ask the desk; its risk is high' },
    });
    expect(requiredHold(both, [builtIn])).toMatchObject({ channel: 'leads', quorum: 3 });
    expect(requiredHold(alone, [])).toMatchObject({ channel: 'desk', quorum: 3, rule: 'ask' });
  });

  it('hold what a rule that is active would lift, had it been active as well', () => {
    const own = of({ mine: rule('permit'), ask: rule('forbid', undefined, { hold: 'desk' }) });
    const lifting = of({ through: rule('permit', undefined, { lifts: 'ask' }) });
    expect(decided([permitting, lifting], [own])).toMatchObject({ kind: 'hold', rule: 'ask' });
  });

  it.each<[string, readonly Bundle[]]>([
    ['of another level', [permitting]],
    ['that lifts a hold', [of({ lift: rule('permit', undefined, { lifts: 'ask' }) })]],
    [
      'whose rule another has',
      [of({ a: rule('permit') }), { ...of({ a: rule('forbid') }), name: 'b' }],
    ],
    ['that is no bundle', [{ ...of({ a: rule('permit') }), name: '' }]],
    ['with an annotation that is none', [of({ a: rule('permit', undefined, { quorum: '2' }) })]],
  ])('are refused with one %s', (_, bundles) => {
    const compiled = compileRunPolicies(bundles);
    expect(compiled.ok ? '' : compiled.refusal.code).toBe('policy.invalid');
  });

  it('are in the digest of the set, in whatever order, and a run without has that of what is active', () => {
    const [a, b] = [of({ a: rule('permit') }), of({ b: rule('permit') })];
    const [first, second] = [a, b].map(bundleDigest) as [string, string];
    const active = someDigest('active');
    expect(narrowedDigest(active, [])).toBe(active);
    expect(narrowedDigest(active, [first, second])).toBe(narrowedDigest(active, [second, first]));
    const digests = [
      active,
      ...[[first], [second], [first, second]].map((own) => narrowedDigest(active, own)),
    ];
    expect(new Set(digests).size).toBe(4);
    const set = valueOf(compilePolicySet([permitting]));
    expect(set.narrowedBy(noRunPolicies)).toMatchObject({ digest: set.digest });
    expect(set.narrowedBy(valueOf(compileRunPolicies([a, b]))).digest).toBe(
      narrowedDigest(set.digest, [first, second]),
    );
  });
});
