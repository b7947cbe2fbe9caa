import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../encoding/index.ts';
import { compileCedar, type CedarDetail } from './cedar.ts';
import type { PolicyRequest } from './model.ts';

const all = { op: 'All' };
const agent = (id: string) => ({ type: 'Agent', id });
const group = (id: string) => ({ type: 'Group', id });

const request: PolicyRequest = {
  principal: agent('alice'),
  action: { type: 'Action', id: 'act' },
  resource: { type: 'File', id: 'f' },
  context: { n: 1 },
  entities: [
    { uid: agent('alice'), attrs: { age: 7 }, parents: [group('staff')] },
    { uid: group('staff'), attrs: {}, parents: [group('everyone')] },
  ],
};

function policy(parts: JsonObject = {}): JsonObject {
  return { effect: 'permit', principal: all, action: all, resource: all, conditions: [], ...parts };
}

function answer(
  staticPolicies: JsonObject,
  question = request,
  more: JsonObject = {},
): CedarDetail {
  const compiled = compileCedar({ staticPolicies, ...more });
  if (!compiled.ok) throw new Error(compiled.refusal.message);
  return compiled.value(question);
}

function valueOf(body: Json, question = request): boolean | 'error' {
  const { decision, errors } = answer(
    { p: policy({ conditions: [{ kind: 'when', body }] }) },
    question,
  );
  return errors.length > 0 ? 'error' : decision === 'allow';
}

const context = (attr: string): JsonObject => ({ '.': { left: { Var: 'context' }, attr } });
const same = (left: JsonObject, right: JsonObject): JsonObject => ({ '==': { left, right } });

describe('an answer', () => {
  it('denies by default', () => {
    expect(answer({})).toEqual({ decision: 'deny', reasons: [], errors: [], satisfiedPermits: [] });
  });

  it('lists permits in code unit order, whatever part of the scope they are found by', () => {
    const policies = {
      c: policy({ principal: { op: '==', entity: agent('alice') } }),
      b: policy({ principal: { op: 'in', entity: group('everyone') } }),
      a: policy({ resource: { op: 'is', entity_type: 'File' } }),
      B: policy(),
      x: policy({ principal: { op: 'in', entity: group('nobody') } }),
      y: policy({ action: { op: 'in', entities: [] } }),
    };
    expect(answer(policies)).toEqual({
      decision: 'allow',
      reasons: ['B', 'a', 'b', 'c'],
      errors: [],
      satisfiedPermits: ['B', 'a', 'b', 'c'],
    });
  });

  it('lets a forbid win and still tells which permits were satisfied', () => {
    expect(answer({ p: policy(), f: policy({ effect: 'forbid' }) })).toEqual({
      decision: 'deny',
      reasons: ['f'],
      errors: [],
      satisfiedPermits: ['p'],
    });
  });

  it('skips policies that fail and lists them', () => {
    const failing = policy({ conditions: [{ kind: 'unless', body: context('nothing') }] });
    expect(answer({ p: policy(), f: { ...failing, effect: 'forbid' }, e: failing })).toEqual({
      decision: 'allow',
      reasons: ['p'],
      errors: ['e', 'f'],
      satisfiedPermits: ['p'],
    });
  });

  it('evaluates a template for each of its links', () => {
    const templates = { t: policy({ principal: { op: '==', slot: '?principal' } }) };
    const link = (newId: string, id: string) => ({
      templateId: 't',
      newId,
      values: { '?principal': agent(id) },
    });
    const templateLinks = [link('l1', 'alice'), link('l2', 'bob')];
    expect(answer({}, request, { templates, templateLinks }).reasons).toEqual(['l1']);
  });
});

describe('values of a request', () => {
  const withContext = (member: unknown): PolicyRequest => ({
    ...request,
    context: { v: member } as PolicyRequest['context'],
  });

  it.each([
    1.5,
    NaN,
    Infinity,
    2 ** 53,
    null,
    { __entity: 'x' },
    { __extn: { fn: 'no', arg: '1' } },
  ])('fail where they are read, when Cedar has no such value: %j', (member) => {
    expect(valueOf(same(context('v'), { Value: 1 }), withContext(member))).toBe('error');
  });

  it('are absent when they are undefined or inherited', () => {
    const has = (attr: string) => ({ has: { left: { Var: 'context' }, attr } });
    expect(valueOf(has('v'), withContext(undefined))).toBe(false);
    expect(valueOf(has('toString'))).toBe(false);
    expect(valueOf(context('toString'))).toBe('error');
  });

  it('may be references to entities', () => {
    const reference = { __entity: agent('alice') };
    expect(valueOf(same(context('v'), { Var: 'principal' }), withContext(reference))).toBe(true);
    const age = { '.': { left: context('v'), attr: 'age' } };
    expect(valueOf(same(age, { Value: 7 }), withContext(reference))).toBe(true);
  });
});

describe('integers', () => {
  const op = (name: string, left: JsonObject, right: JsonObject): JsonObject => ({
    [name]: { left, right },
  });
  const value = (number: number): JsonObject => ({ Value: number });
  const most = value(Number.MAX_SAFE_INTEGER);

  it('are exact beyond 2^53', () => {
    const sum = op('+', most, value(2));
    expect(valueOf(same(op('-', sum, value(2)), most))).toBe(true);
    expect(valueOf(op('<', op('+', most, value(1)), sum))).toBe(true);
    expect(valueOf(same(op('+', most, value(1)), sum))).toBe(false);
  });

  it('overflow beyond 2^63 - 1 and below -2^63', () => {
    const large = op('*', value(2 ** 31), value(2 ** 31));
    const least = op('-', op('-', { Value: 0 }, large), large);
    expect(valueOf(same(op('+', large, large), value(0)))).toBe('error');
    expect(valueOf(op('<', least, value(0)))).toBe(true);
    expect(valueOf(same({ neg: { arg: least } }, value(0)))).toBe('error');
    expect(valueOf(same(op('-', least, value(1)), value(0)))).toBe('error');
  });
});

describe('compiling', () => {
  const condition = (body: Json): JsonObject => policy({ conditions: [{ kind: 'when', body }] });
  const cases: readonly (readonly [string, JsonObject])[] = [
    ['an integer beyond 2^53-1', condition({ Value: 2 ** 53 })],
    ['a fraction', condition({ Value: 0.5 })],
    ['null', condition({ Value: null })],
    ['an unknown operator', condition({ xor: { left: { Value: true }, right: { Value: true } } })],
    ['an inherited name as operator', condition({ toString: { arg: { Value: true } } })],
    ['two operators in one expression', condition({ Value: true, Var: 'context' })],
    ['an empty expression', condition({})],
    ['an unknown variable', condition({ Var: 'world' })],
    ['a slot in a condition', condition({ Slot: '?principal' })],
    ['a missing operand', condition({ '==': { left: { Value: 1 } } })],
    ['an operand too many', condition({ '!': { arg: { Value: true }, left: { Value: true } } })],
    [
      'an extension function with too many arguments',
      condition({ ip: [{ Value: '::' }, { Value: '::' }] }),
    ],
    [
      'a pattern element of another kind',
      condition({ like: { left: { Value: '' }, pattern: ['a'] } }),
    ],
    ['an unknown effect', policy({ effect: 'allow' })],
    ['an unknown operator in the scope', policy({ principal: { op: '!=' } })],
    ['a slot that is not linked', policy({ principal: { op: '==', slot: '?principal' } })],
    ['an action constrained by its type', policy({ action: { op: 'is', entity_type: 'Action' } })],
    ['an unknown member', policy({ priority: 1 })],
    [
      'a condition of another kind',
      policy({ conditions: [{ kind: 'if', body: { Value: true } }] }),
    ],
    ['an annotation that is no text', policy({ annotations: { id: 1 } })],
  ];
  it.each(cases)('refuses %s', (_what, body) => {
    const compiled = compileCedar({ staticPolicies: { p: body } });
    expect(compiled.ok ? undefined : compiled.refusal.code).toBe('policy.invalid');
    expect(compiled.ok ? '' : compiled.refusal.message).toMatch(/^policy p: /);
  });

  it.each([
    ['text in place of policies', { staticPolicies: 'permit(principal, action, resource);' }],
    ['a template without link', { staticPolicies: {}, templates: { t: policy() } }],
    [
      'a link without template',
      { staticPolicies: {}, templateLinks: [{ templateId: 't', newId: 'l', values: {} }] },
    ],
    [
      'an id twice',
      {
        staticPolicies: { l: policy() },
        templates: { t: policy() },
        templateLinks: [{ templateId: 't', newId: 'l', values: {} }],
      },
    ],
    ['an unknown member', { staticPolicies: {}, schema: {} }],
  ])('refuses %s', (_what, policies) => {
    const compiled = compileCedar(policies);
    expect(compiled.ok ? undefined : compiled.refusal.code).toBe('policy.invalid');
  });
});
