import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../encoding/index.ts';
import { compilePolicySet } from './policy-set.ts';
import { ruleDigest } from './rule-digest.ts';
import type { Bundle, Level, PolicyRequest, PolicyVerdict } from './model.ts';

const request: PolicyRequest = {
  principal: { type: 'Agent', id: 'a' },
  action: { type: 'Action', id: 'act' },
  resource: { type: 'Capability', id: 'fs.write' },
  context: { path: 'src/a.ts' },
  entities: [],
};

type Annotations = Readonly<Record<string, string | null>>;

function rule(effect: string, annotations: Annotations = {}, body?: JsonObject): JsonObject {
  const all = { op: 'All' };
  const conditions = body === undefined ? [] : [{ kind: 'when', body }];
  return { effect, principal: all, action: all, resource: all, conditions, annotations };
}

const missing: JsonObject = { '.': { left: { Var: 'context' }, attr: 'nothing' } };
const never: JsonObject = { Value: false };

function bundle(level: Level, rules: Readonly<Record<string, JsonObject>>, name = 'test'): Bundle {
  const named = Object.entries(rules).map(([id, body]) => {
    const annotations = { id, ...(body['annotations'] as JsonObject) };
    return [id, { ...body, annotations }] as const;
  });
  return {
    v: 1,
    name,
    level,
    policies: { staticPolicies: Object.fromEntries(named), templates: {}, templateLinks: [] },
    text: '',
    schema: '0'.repeat(64),
  };
}

function decide(...bundles: readonly Bundle[]): PolicyVerdict {
  const set = compilePolicySet(bundles);
  if (!set.ok) throw new Error(set.refusal.message);
  return set.value.decide(request);
}

describe('the verdict', () => {
  it('denies when there is no bundle at all', () => {
    expect(decide()).toEqual({ kind: 'deny', rules: [], advice: undefined });
  });

  it('denies when a bundle holds no rule', () => {
    expect(decide(bundle('tenant', {}))).toEqual({
      ...{ kind: 'deny', rules: [], advice: undefined, unpermitted: ['tenant'] },
    });
  });

  it('permits when every present level permits, and names the rules in order of level and id', () => {
    const permit = rule('permit');
    expect(
      decide(
        bundle('run', { z: permit }),
        bundle('organisation', { c: permit, b: permit, n: rule('permit', {}, never) }),
      ),
    ).toEqual({
      kind: 'permit',
      rules: [
        { id: 'b', level: 'organisation', effect: 'permit' },
        { id: 'c', level: 'organisation', effect: 'permit' },
        { id: 'z', level: 'run', effect: 'permit' },
      ],
    });
  });

  it('denies when one level does not permit', () => {
    const permit = rule('permit');
    expect(
      decide(
        bundle('tenant', { a: permit }),
        bundle('repository', { b: rule('permit', {}, never) }),
      ),
    ).toEqual({
      kind: 'deny',
      rules: [{ id: 'a', level: 'tenant', effect: 'permit' }],
      advice: undefined,
      unpermitted: ['repository'],
    });
  });

  it('denies by a forbid at any level with its advice, and tells the permits that were satisfied', () => {
    expect(
      decide(
        bundle('tenant', { a: rule('permit') }),
        bundle('run', { b: rule('permit'), f: rule('forbid', { advice: 'do not' }) }),
      ),
    ).toEqual({
      kind: 'deny',
      rules: [
        { id: 'a', level: 'tenant', effect: 'permit' },
        { id: 'b', level: 'run', effect: 'permit' },
        { id: 'f', level: 'run', effect: 'forbid' },
      ],
      advice: 'do not',
    });
  });

  it('is an error when any rule fails, even where a forbid denies', () => {
    expect(
      decide(
        bundle('tenant', { a: rule('permit'), b: rule('permit', {}, missing), f: rule('forbid') }),
      ),
    ).toEqual({
      kind: 'error',
      rules: [
        { id: 'a', level: 'tenant', effect: 'permit' },
        { id: 'f', level: 'tenant', effect: 'forbid' },
        { id: 'b', level: 'tenant', effect: 'error' },
      ],
      message: 'rule b failed: attribute "nothing" does not exist',
    });
  });

  it('holds by a forbid with @hold where a permit stands', () => {
    expect(
      decide(
        bundle('tenant', {
          a: rule('permit'),
          h: rule('forbid', { hold: 'human', advice: 'wait' }),
        }),
      ),
    ).toEqual({
      kind: 'hold',
      rules: [
        { id: 'a', level: 'tenant', effect: 'permit' },
        { id: 'h', level: 'tenant', effect: 'hold' },
      ],
      channel: 'human',
      quorum: 1,
      rule: 'h',
      advice: 'wait',
    });
  });

  it('holds with the largest quorum, in the channel of the first rule', () => {
    const verdict = decide(
      bundle('run', { h: rule('forbid', { hold: 'ops', quorum: '3' }), p: rule('permit') }),
      bundle('tenant', {
        p: rule('permit'),
        i: rule('forbid', { hold: 'security', quorum: '2' }),
        j: rule('forbid', { hold: 'human' }),
      }),
    );
    expect(verdict).toMatchObject({ kind: 'hold', channel: 'security', quorum: 3, rule: 'i' });
  });

  it('tells the holds that were lifted apart from those that hold', () => {
    const hold = rule('forbid', { hold: 'human' });
    const rules = {
      a: rule('permit'),
      g: hold,
      h: hold,
      q: rule('forbid', { hold: 'ops', quorum: '2' }),
    };
    const lift = (lifts: string) => rule('permit', { lifts });
    const lifts = { l: lift('g'), m: lift('q') };
    const lifted = [{ id: 'g', level: 'tenant', effect: 'hold' }];
    expect(decide(bundle('tenant', { ...rules, ...lifts }))).toMatchObject({ rule: 'h', lifted });
    expect(decide(bundle('tenant', rules))).not.toHaveProperty('lifted');
    expect(
      decide(bundle('tenant', rules), bundle('run', { a: rule('permit'), ...lifts })),
    ).not.toHaveProperty('lifted');
  });

  it('does not hold but denies where no permit stands or another forbid applies', () => {
    const hold = rule('forbid', { hold: 'human' });
    expect(decide(bundle('tenant', { h: hold })).kind).toBe('deny');
    const both = bundle('tenant', { a: rule('permit'), f: rule('forbid'), h: hold });
    expect(decide(both).kind).toBe('deny');
    const elsewhere = [bundle('tenant', { a: rule('permit'), h: hold }), bundle('run', {})];
    expect(decide(...elsewhere).kind).toBe('deny');
  });

  it('records a shadow and enforces none, not even its failure', () => {
    const shadow = { shadow: null };
    expect(
      decide(
        bundle('tenant', {
          a: rule('permit'),
          f: rule('forbid', shadow),
          g: rule('forbid', { shadow: '', hold: 'human' }),
          m: rule('forbid', shadow, missing),
          n: rule('forbid', shadow, never),
        }),
      ),
    ).toEqual({
      kind: 'permit',
      rules: [
        { id: 'a', level: 'tenant', effect: 'permit' },
        { id: 'f', level: 'tenant', effect: 'shadow' },
        { id: 'g', level: 'tenant', effect: 'shadow' },
        { id: 'm', level: 'tenant', effect: 'error' },
      ],
    });
  });

  it('takes no permit from a shadow', () => {
    const verdict = decide(bundle('tenant', { a: rule('permit', { shadow: null }) }));
    expect(verdict).toEqual({
      kind: 'deny',
      rules: [{ id: 'a', level: 'tenant', effect: 'shadow' }],
      advice: undefined,
      unpermitted: ['tenant'],
    });
  });

  it('unites the bundles of one level', () => {
    const verdict = decide(
      bundle('tenant', { a: rule('permit') }, 'one'),
      bundle('tenant', { f: rule('forbid') }, 'two'),
    );
    expect(verdict.kind).toBe('deny');
  });
});

describe('compiling a policy set', () => {
  function refusalOf(...bundles: readonly Bundle[]) {
    const set = compilePolicySet(bundles);
    return set.ok ? undefined : [set.refusal.code, set.refusal.message];
  }
  const wrong: readonly (readonly [string, JsonObject, string])[] = [
    ['an unknown annotation', rule('permit', { note: 'x' }), 'the annotation @note is unknown'],
    [
      'an id that differs',
      rule('permit', { id: 'b' }),
      '@id must hold the id of its policy: letters, digits, dots, dashes and underscores',
    ],
    [
      'a hold on a permit',
      rule('permit', { hold: 'human' }),
      '@hold must hold the name of a channel, on a forbid',
    ],
    [
      'a hold without channel',
      rule('forbid', { hold: null }),
      '@hold must hold the name of a channel, on a forbid',
    ],
    [
      'a quorum without hold',
      rule('forbid', { quorum: '2' }),
      '@quorum must hold an integer of 1 to 16, beside @hold',
    ],
    ['a shadow with a value', rule('forbid', { shadow: 'no' }), '@shadow must hold no value'],
    ['an empty advice', rule('forbid', { advice: null }), '@advice must hold a text'],
    ...['0', '17', '1.5', '02', '-1', '', 'two'].map(
      (quorum) =>
        [
          `a quorum of "${quorum}"`,
          rule('forbid', { hold: 'human', quorum }),
          '@quorum must hold an integer of 1 to 16, beside @hold',
        ] as const,
    ),
  ];
  it.each(wrong)('refuses %s', (_what, body, message) => {
    expect(refusalOf(bundle('tenant', { a: body }))).toEqual([
      'policy.invalid',
      `policy a: ${message}`,
    ]);
  });

  it.each(['1', '2', '16'])('accepts a quorum of %s', (quorum) => {
    expect(
      refusalOf(bundle('tenant', { a: rule('forbid', { hold: 'human', quorum }) })),
    ).toBeUndefined();
  });

  it('refuses a rule without @id', () => {
    const base = bundle('tenant', {});
    const policies = { ...base.policies, staticPolicies: { a: rule('permit') } };
    expect(refusalOf({ ...base, policies })).toEqual([
      'policy.invalid',
      'policy a: the annotation @id is missing',
    ]);
  });

  it('refuses an id that two bundles of one level have', () => {
    const one = bundle('tenant', { a: rule('permit') }, 'one');
    const two = bundle('tenant', { a: rule('permit') }, 'two');
    expect(refusalOf(one, two)).toEqual([
      'policy.invalid',
      'bundle two: the level tenant has a policy a already',
    ]);
    expect(refusalOf(one, { ...two, level: 'run' })).toBeUndefined();
  });

  it('refuses a bundle of an unknown level instead of leaving it out', () => {
    const odd = { ...bundle('tenant', {}), level: 'galaxy' as Level };
    expect(refusalOf(odd)).toEqual(['policy.invalid', 'the bundle has a malformed "level"']);
  });
});

describe('a rule that lifts', () => {
  const hold = rule('forbid', { hold: 'human' });
  const lift = (id: string): JsonObject => rule('permit', { lifts: id });

  it('takes away the hold of its level that it names, and is recorded', () => {
    expect(decide(bundle('tenant', { a: rule('permit'), h: hold, l: lift('h') }))).toEqual({
      kind: 'permit',
      rules: [
        { id: 'a', level: 'tenant', effect: 'permit' },
        { id: 'h', level: 'tenant', effect: 'hold' },
        { id: 'l', level: 'tenant', effect: 'lift' },
      ],
    });
  });

  it.each([
    ['another rule', { h: hold, l: lift('x') }],
    ['where it is not satisfied', { h: hold, l: rule('permit', { lifts: 'h' }, never) }],
    ['what is only watched', { h: hold, l: rule('permit', { lifts: 'h', shadow: '' }) }],
    [
      'what more than one must approve',
      { h: rule('forbid', { hold: 'human', quorum: '2' }), l: lift('h') },
    ],
    ['another hold', { h: hold, g: hold, l: lift('h') }],
  ])('does not take away %s', (_, rules) => {
    expect(decide(bundle('tenant', { a: rule('permit'), ...rules })).kind).toBe('hold');
  });

  it('of another level takes nothing away, above or below', () => {
    const permit = { a: rule('permit') };
    const above = bundle('organisation', { ...permit, h: hold });
    expect(decide(above, bundle('run', { ...permit, l: lift('h') })).kind).toBe('hold');
    const below = bundle('run', { ...permit, h: hold });
    expect(decide(bundle('organisation', { ...permit, l: lift('h') }), below).kind).toBe('hold');
  });

  it('permits nothing, and lifts no forbid', () => {
    expect([
      decide(bundle('tenant', { h: hold, l: lift('h') })).kind,
      decide(bundle('tenant', { a: rule('permit'), f: rule('forbid'), l: lift('f') })).kind,
    ]).toEqual(['deny', 'deny']);
  });

  it('takes away the hold of a rule alone that is what it was made for', () => {
    const all = { a: rule('permit'), h: hold };
    const asItIs = bundle('tenant', all).policies.staticPolicies['h'] ?? null;
    const lifting = (digest: string) => rule('permit', { lifts: 'h', digest });
    const kinds = [
      { ...all, l: lifting(ruleDigest(asItIs)) },
      { ...all, h: rule('forbid', { hold: 'desk' }), l: lifting(ruleDigest(asItIs)) },
      {
        ...all,
        h: rule('forbid', { hold: 'human' }, { Value: true }),
        l: lifting(ruleDigest(asItIs)),
      },
      { ...all, l: lifting('0'.repeat(64)) },
    ].map((rules) => decide(bundle('tenant', rules)).kind);
    expect(kinds).toEqual(['permit', 'hold', 'hold', 'hold']);
  });

  it.each([
    ['no digest', rule('permit', { lifts: 'h', digest: 'h' })],
    ['beside no @lifts', rule('permit', { digest: '0'.repeat(64) })],
  ])('is not made for %s', (_, wrong) => {
    expect(compilePolicySet([bundle('tenant', { l: wrong })]).ok).toBe(false);
  });

  it('is a permit, and names a rule', () => {
    const wrong = [rule('forbid', { lifts: 'h' }), rule('permit', { lifts: '' })];
    expect(wrong.map((each) => compilePolicySet([bundle('tenant', { l: each })]).ok)).toEqual([
      false,
      false,
    ]);
  });
});
