import fc from 'fast-check';
import { expect, it } from 'vitest';
import { valueOf } from '@chancery/testkit/builders';
import { bundleOf } from '@chancery/testkit/house';
import { cases } from '@chancery/testkit/properties';
import { requiredHold, type Hold } from '../compiler/index.ts';
import type { Json, JsonObject } from '../encoding/index.ts';
import { levels, type Bundle, type Level, type PolicyVerdict } from './model.ts';
import { activeOn } from './active.ts';
import { compilePolicySet } from './policy-set.ts';
import { compileRunPolicies } from './run-policies.ts';

const variable = (name: string): Json => ({ '.': { left: { Var: 'context' }, attr: name } });

/** When a rule of the law applies: to some requests, to all, or never, for it fails. */
const conditions: fc.Arbitrary<readonly JsonObject[]> = fc.oneof(
  fc.constant([]),
  fc
    .nat({ max: 2 })
    .map((n) => [{ kind: 'when', body: { '==': { left: variable('n'), right: { Value: n } } } }]),
  fc.constant([{ kind: 'unless', body: variable('b') }]),
  fc.constant([{ kind: 'when', body: variable('missing') }]),
);

const channel = fc.constantFrom('human', 'desk', 'leads');
const ids = ['a', 'b', 'c', 'd'] as const;

const permit = fc.constant({ effect: 'permit', annotations: {} });
const forbid = fc.constant({ effect: 'forbid', annotations: {} });
const shadow = fc.constantFrom('permit', 'forbid').map((effect) => ({
  ...{ effect, annotations: { shadow: '' } },
}));
const hold = fc.tuple(channel, fc.integer({ min: 1, max: 3 })).map(([asked, quorum]) => ({
  ...{ effect: 'forbid', annotations: { hold: asked, quorum: String(quorum) } },
}));
const lift = fc.constantFrom(...ids).map((lifts) => ({ effect: 'permit', annotations: { lifts } }));

type Kind = fc.Arbitrary<JsonObject>;

const ruleOf = (kind: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc.tuple(kind, conditions).map(([of, when]) => ({
    ...of,
    ...{ principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' } },
    conditions: when,
  }));

const everything: JsonObject = {
  ...{ effect: 'permit', annotations: {}, conditions: [] },
  ...{ principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' } },
};

/** Rules, and often one that permits everything, so that not all is denied. */
function rulesOf(...kinds: readonly Kind[]): fc.Arbitrary<Readonly<Record<string, JsonObject>>> {
  const rules = fc.dictionary(fc.constantFrom(...ids), ruleOf(fc.oneof(...kinds)), { maxKeys: 3 });
  return fc
    .tuple(rules, fc.nat({ max: 4 }))
    .map(([some, n]) => (n === 0 ? some : { ...some, everything }));
}

const bundleAt = (level: Level, rules: Readonly<Record<string, JsonObject>>): Bundle => ({
  ...bundleOf(rules),
  ...{ name: level, level },
});

/** Any policies that can be active, and any that a run can have. */
const active = fc
  .tuple(
    fc.subarray([...levels]),
    fc.array(rulesOf(permit, forbid, hold, hold, hold, lift, shadow), {
      minLength: 4,
      maxLength: 4,
    }),
    fc.boolean(),
  )
  .map(([which, rules, here]) =>
    which.map((level, index) => {
      const bundle = bundleAt(level, rules[index] ?? {});
      return activeOn(bundle, level === 'repository' && here ? '/here' : undefined);
    }),
  );
const own = rulesOf(permit, forbid, hold, hold, hold, shadow).map((rules) =>
  bundleAt('run', rules),
);

const requests = fc.record({
  n: fc.nat({ max: 2 }),
  b: fc.boolean(),
  repository: fc.constantFrom('/here', '/there'),
});

const builtIn = fc.subarray<Hold>(
  ['risk', 'irreversible'].map((rule) => ({ channel: 'human', quorum: 1, rule, reason: rule })),
);

const uid = (type: string) => ({ type, id: 'x' });
const rank = { permit: 2, hold: 1, deny: 0, error: 0 } as const;

/** What must not become more. */
const allows = ({ kind }: PolicyVerdict): number => rank[kind];

it('whatever a run has for policies, they permit nothing more, and every hold stays', () => {
  fc.assert(
    fc.property(active, own, requests, builtIn, (bundles, bundle, context, holds) => {
      const set = valueOf(compilePolicySet(bundles));
      const narrowed = set.narrowedBy(valueOf(compileRunPolicies([bundle])));
      const request = {
        ...{ principal: uid('Agent'), action: uid('Action'), resource: uid('Capability') },
        ...{ context, entities: [] },
      };
      const [without, within] = [set.decide(request), narrowed.decide(request)];
      expect(allows(within)).toBeLessThanOrEqual(allows(without));
      if (allows(within) === 0) return;
      const [before, after] = [without, within].map((verdict) => requiredHold(verdict, holds));
      if (before === undefined) return;
      // The same people are asked, for as many votes or more.
      expect(after?.channel).toBe(before.channel);
      expect(after?.quorum).toBeGreaterThanOrEqual(before.quorum);
    }),
    cases(2_000),
  );
});
