import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { Json, JsonObject } from '@chancery/kernel/encoding';
import { compilePolicySet, type Bundle, type PolicyRequest } from '@chancery/kernel/policy';
import { valueOf } from '@chancery/testkit/builders';
import { contradictedMember } from './contradiction.ts';

/* Small vocabularies, so that conditions meet. */
const number = fc.integer({ min: -3, max: 3 });
const text = fc.constantFrom('', 'a', 'ab', 'aba', 'b', 'ba', 'abab');
const literal = fc.oneof(number, text, fc.boolean());
const value = literal.map((of) => ({ Value: of }));

const member = fc
  .constantFrom('n', 'm', 's', 't', 'b')
  .map((attr) => ({ '.': { left: { Var: 'context' }, attr } }));
const pattern = fc.array(fc.constantFrom<Json[]>('Wildcard', { Literal: 'a' }, { Literal: 'b' }), {
  maxLength: 5,
});
const side = fc.oneof({ weight: 3, arbitrary: member }, { weight: 1, arbitrary: value });
const atom: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .record({ op: fc.constantFrom('==', '!=', '<', '<=', '>', '>='), a: side, b: value })
    .chain(({ op, a, b }) =>
      fc.constantFrom<JsonObject>({ [op]: { left: a, right: b } }, { [op]: { left: b, right: a } }),
    ),
  fc.record({ left: member, pattern }).map((like) => ({ like })),
  fc
    .record({ Set: fc.array(value, { maxLength: 3 }), right: member })
    .map(({ Set, right }) => ({ contains: { left: { Set }, right } })),
  member,
  fc.boolean().map((of) => ({ Value: of })),
);

const { condition } = fc.letrec<{ condition: JsonObject }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc
      .record({
        op: fc.constantFrom('&&', '&&', '||'),
        left: tie('condition'),
        right: tie('condition'),
      })
      .map(({ op, left, right }) => ({ [op]: { left, right } })),
    tie('condition').map((arg) => ({ '!': { arg } })),
  ),
}));

const rule = fc
  .array(fc.record({ kind: fc.constantFrom('when', 'unless'), body: condition }), { maxLength: 3 })
  .map((conditions): JsonObject => {
    const scope = { principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' } };
    return { ...scope, effect: 'permit', annotations: { id: 'r' }, conditions };
  });

function setOf(policy: JsonObject) {
  const policies = { staticPolicies: { r: policy }, templates: {}, templateLinks: [] };
  const bundle: Bundle = {
    ...{ v: 1, name: 'p', level: 'tenant', policies, text: '' },
    schema: 'a'.repeat(64),
  };
  return valueOf(compilePolicySet([bundle]));
}

function requestWith(context: PolicyRequest['context']): PolicyRequest {
  const uid = (type: string) => ({ type, id: 'x' });
  const [principal, action, resource] = [uid('Agent'), uid('Action'), uid('Capability')];
  return { principal, action, resource, context, entities: [] };
}

const context = fc.record({ n: number, m: literal, s: text, t: text, b: fc.boolean() });

describe('a rule of which it is said that it can never match', () => {
  it('matches no request, by what evaluates it', () => {
    fc.assert(
      fc.property(rule, fc.array(context, { minLength: 8, maxLength: 8 }), (policy, contexts) => {
        if (contradictedMember(policy) === undefined) return;
        const set = setOf(policy);
        for (const each of contexts) expect(set.decide(requestWith(each)).kind).not.toBe('permit');
      }),
      cases(10_000),
    );
  });

  it('is said of every rule of one number alone that matches none', () => {
    const ofNumber = fc
      .array(
        fc.record({
          op: fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
          than: number,
          kind: fc.constantFrom('when', 'unless'),
        }),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map((asked) =>
        asked.map(({ op, than, kind }) => {
          const left = { '.': { left: { Var: 'context' }, attr: 'n' } };
          const body = { [op]: { left, right: { Value: than } } };
          return { kind, body };
        }),
      );
    fc.assert(
      fc.property(ofNumber, rule, (conditions, base) => {
        const policy: JsonObject = { ...base, conditions };
        const set = setOf(policy);
        const matched = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5].some(
          (n) => set.decide(requestWith({ n })).kind === 'permit',
        );
        expect(contradictedMember(policy) === undefined).toBe(matched);
      }),
      cases(2_000),
    );
  });
});
