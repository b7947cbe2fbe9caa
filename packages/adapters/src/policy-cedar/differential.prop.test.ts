import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { Json, JsonObject } from '@chancery/kernel/encoding';
import {
  compileCedar,
  type BundlePolicies,
  type CedarAnswer,
  type CedarEntity,
  type CedarValue,
  type EntityUid,
  type PolicyRequest,
} from '@chancery/kernel/policy';
import { cedar } from './cedar.ts';
import { decideWithCedar } from './decide.ts';

/*
 * The kernel's evaluation against Cedar's own, on generated policies and requests. Expressions are
 * mostly of the type that is wanted and sometimes of any; members are sometimes missing.
 *
 * No policies of others are among them: the packages of npm that are Cedar's own, in their versions of
 * today, hold at most two examples of one scope each, and nothing here is copied from repositories.
 * CHANCERY_PROPERTY_RUNS sets the number of cases.
 */
const most = cases(2500);
const some = { ...most, numRuns: Math.ceil(most.numRuns / 8) };

type Expression = JsonObject;
type Arbitrary = fc.Arbitrary<Expression>;

const strings = [
  '',
  'a',
  'b',
  'ab',
  'aab',
  'a*b',
  '*',
  'é',
  '😀x',
  'x😀',
  'src/a.ts',
  'git push',
  '__proto__',
  'toString',
];
const longs = [
  0,
  1,
  -1,
  2,
  3,
  7,
  94906267,
  3037000500,
  -3037000500,
  4294967296,
  2 ** 52,
  2 ** 53 - 1,
  -(2 ** 53 - 1),
];
const words = (text: string): readonly string[] => text.split(' ');
const decimals = words(
  '1.0 -1.5 0.0001 922337203685477.5807 -922337203685477.5808 1 1.23456 -0.0 ' +
    '922337203685477.5808',
);
const ips = words(
  '127.0.0.1 10.0.0.0/8 10.1.2.3 0.0.0.0/0 224.0.0.1/4 256.0.0.1 01.2.3.4 1.2.3 ' +
    '1.2.3.4/33 1.2.3.4/08 ::1 :: ::1/127 ff00::/8 2001:db8::1 2001:DB8:0:0::1/128 ' +
    '1:2:3:4:5:6:7:: 1::2:3:4:5:6:7:8 ::ffff:1.2.3.4 1:2 :1:: 12345::',
);
const datetimes = words(
  '1970-01-01 2024-02-29 2023-02-29 1969-12-31T23:59:59.999Z 2024-01-01T00:00:00Z ' +
    '2024-01-01T01:00:00+0100 0000-01-01 9999-12-31T23:59:59.999-2359 2024-13-01 ' +
    '2024-1-1 2024-01-01T24:00:00Z 2024-01-01T00:00:00 2000-02-29T00:00:00.001+2400',
);
const durations = words(
  '1d -1d 1h30m 1d2h3m4s5ms -9223372036854775808ms 9223372036854775807ms ' +
    '9223372036854775808ms 1ms1s - 0s 86400s',
);
const uids: readonly EntityUid[] = [
  ...['alice', 'bob'].map((id) => ({ type: 'Agent', id })),
  ...['fs.write', 'shell.run'].map((id) => ({ type: 'Capability', id })),
  ...['fs', 'all', 'alice'].map((id) => ({ type: 'CapabilityGroup', id })),
  ...['act', 'query', 'any'].map((id) => ({ type: 'Action', id })),
];
const attrs = ['n', 's', 'b', 'ns', 'ss', 'e', 'es', 'r', 'x', 'y', '__proto__', 'toString'];

const pick = <T>(items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);
const value = (arbitrary: fc.Arbitrary<CedarValue>): Arbitrary =>
  arbitrary.map((Value) => ({ Value: Value as Json }));
const entity: fc.Arbitrary<CedarValue> = pick(uids).map((uid) => ({ __entity: uid }));
const call = (name: string, ...args: Arbitrary[]): Arbitrary =>
  fc.tuple(...args).map((list) => ({ [name]: list }));
const infix = (names: readonly string[], left: Arbitrary, right: Arbitrary): Arbitrary =>
  fc.tuple(pick(names), left, right).map(([name, l, r]) => ({ [name]: { left: l, right: r } }));
const prefix = (name: string, arg: Arbitrary): Arbitrary =>
  arg.map((operand) => ({ [name]: { arg: operand } }));
const pattern = fc.array(
  fc.oneof(
    fc.constant('Wildcard'),
    pick(['a', 'b', '*', 'é', '😀', 'x', 'git', '.']).map((Literal) => ({ Literal })),
  ),
  { maxLength: 5 },
);

type Kind =
  | 'bool'
  | 'long'
  | 'string'
  | 'set'
  | 'record'
  | 'entity'
  | 'decimal'
  | 'ip'
  | 'datetime'
  | 'duration';
const kinds: readonly Kind[] = [
  'bool',
  'long',
  'string',
  'set',
  'record',
  'entity',
  'decimal',
  'ip',
  'datetime',
  'duration',
];

/** Attributes of the context that are usually of the kind. */
const attrsOf: Partial<Record<Kind, readonly string[]>> = {
  bool: ['b'],
  long: ['n', 'x'],
  string: ['s', 'y'],
  set: ['ns', 'ss', 'es'],
  record: ['r'],
  entity: ['e'],
};

function leaf(kind: Kind): Arbitrary {
  switch (kind) {
    case 'bool':
      return value(fc.boolean());
    case 'long':
      return value(pick(longs));
    case 'string':
      return value(pick(strings));
    case 'set':
      return fc.oneof(
        value(fc.array(fc.oneof(pick(longs), pick(strings)), { maxLength: 3 })),
        fc
          .array(value(fc.oneof(entity, pick(longs), pick(strings))), { maxLength: 3 })
          .map((Set) => ({ Set })),
      );
    case 'record':
      return fc
        .dictionary(pick(attrs), value(fc.oneof(pick(longs), pick(strings))), { maxKeys: 3 })
        .map((Record) => ({ Record }));
    case 'entity':
      return fc.oneof(
        value(entity),
        pick(['principal', 'action', 'resource']).map((Var) => ({ Var })),
      );
    case 'decimal':
      return call('decimal', value(pick(decimals)));
    case 'ip':
      return call('ip', value(pick(ips)));
    case 'datetime':
      return call('datetime', value(pick(datetimes)));
    case 'duration':
      return call('duration', value(pick(durations)));
  }
}

const known = new Map<string, Arbitrary>();

/** An expression that usually has the kind. */
function expression(kind: Kind, depth: number): Arbitrary {
  const name = `${kind} ${depth}`;
  const made = known.get(name) ?? make(kind, depth);
  known.set(name, made);
  return made;
}

function make(kind: Kind, depth: number): Arbitrary {
  if (depth === 0) return fc.oneof(leaf(kind), member(kind));
  const of = (wanted: Kind): Arbitrary =>
    fc.oneof(
      { weight: 14, arbitrary: expression(wanted, depth - 1) },
      { weight: 1, arbitrary: pick(kinds).chain((other) => expression(other, depth - 1)) },
    );
  const choice = fc
    .tuple(of('bool'), of(kind), of(kind))
    .map(([test, yes, no]) => ({ 'if-then-else': { if: test, then: yes, else: no } }));
  const own = compound(kind, of);
  return fc.oneof(
    { weight: 2, arbitrary: leaf(kind) },
    { weight: 2, arbitrary: member(kind) },
    { weight: 1, arbitrary: choice },
    ...own.map((arbitrary) => ({ weight: kind === 'bool' ? 1 : 2, arbitrary })),
  );
}

/** An attribute of the context, of an entity or of a record. */
function member(kind: Kind): Arbitrary {
  const owner = fc.oneof(
    { weight: 6, arbitrary: fc.constant({ Var: 'context' }) },
    { weight: 2, arbitrary: leaf('entity') },
    { weight: 2, arbitrary: fc.constant({ '.': { left: { Var: 'context' }, attr: 'r' } }) },
    { weight: 1, arbitrary: leaf('record') },
  );
  const attr = fc.oneof(
    { weight: 9, arbitrary: pick(attrsOf[kind] ?? attrs) },
    { weight: 1, arbitrary: pick(attrs) },
  );
  return fc.tuple(owner, attr).map(([left, name]) => ({ '.': { left, attr: name } }));
}

const ordered: readonly (readonly [Kind, Kind])[] = [
  ['long', 'long'],
  ['datetime', 'datetime'],
  ['duration', 'duration'],
];

/** Every expression that is true or false. */
function conditions(of: (kind: Kind) => Arbitrary): readonly Arbitrary[] {
  return [
    ...Array.from({ length: 6 }, () => infix(['&&', '||'], of('bool'), of('bool'))),
    prefix('!', of('bool')),
    ...ordered.map(([left, right]) => infix(['<', '<=', '>', '>='], of(left), of(right))),
    ...kinds.map((each) => infix(['==', '!='], of(each), of(each))),
    infix(
      ['in'],
      of('entity'),
      fc.oneof(
        of('entity'),
        fc.array(leaf('entity'), { maxLength: 3 }).map((Set) => ({ Set })),
      ),
    ),
    pick(kinds).chain((each) => infix(['contains'], of('set'), of(each))),
    ...['containsAll', 'containsAny'].map((name) => infix([name], of('set'), of('set'))),
    prefix('isEmpty', of('set')),
    infix(['hasTag'], of('entity'), of('string')),
    fc
      .tuple(fc.oneof(fc.constant({ Var: 'context' }), of('entity'), of('record')), pick(attrs))
      .map(([left, attr]) => ({ has: { left, attr } })),
    fc
      .tuple(
        fc.constant({ Var: 'context' }),
        fc.array(pick(['r', 'x', 'e', 'n']), { minLength: 2, maxLength: 3 }),
      )
      .map(([left, attr]) => ({ has: { left, attr } })),
    fc
      .tuple(of('string'), pattern)
      .map(([left, elements]) => ({ like: { left, pattern: elements } })),
    fc
      .tuple(of('entity'), pick(['Agent', 'Capability', 'Other']))
      .map(([left, type]) => ({ is: { left, entity_type: type } })),
    fc
      .tuple(of('entity'), pick(['Agent', 'Capability']), of('entity'))
      .map(([left, type, target]) => ({ is: { left, entity_type: type, in: target } })),
    ...['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'].map((name) =>
      call(name, of('decimal'), of('decimal')),
    ),
    ...['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'].map((name) => call(name, of('ip'))),
    call('isInRange', of('ip'), of('ip')),
  ];
}

function compound(kind: Kind, of: (kind: Kind) => Arbitrary): readonly Arbitrary[] {
  switch (kind) {
    case 'bool':
      return conditions(of);
    case 'long':
      return [
        infix(['+', '-', '*'], of('long'), of('long')),
        infix(['*', '+', '-'], of('long'), of('long')),
        prefix('neg', of('long')),
        ...['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'].map((name) =>
          call(name, of('duration')),
        ),
      ];
    case 'string':
      return [infix(['getTag'], of('entity'), of('string'))];
    case 'set':
      return [fc.array(pick(kinds).chain(of), { maxLength: 3 }).map((Set) => ({ Set }))];
    case 'record':
      return [
        fc
          .dictionary(pick(attrs), pick(kinds).chain(of), { maxKeys: 3 })
          .map((Record) => ({ Record })),
      ];
    case 'entity':
    case 'decimal':
    case 'ip':
      return [];
    case 'datetime':
      return [call('offset', of('datetime'), of('duration')), call('toDate', of('datetime'))];
    case 'duration':
      return [
        call('durationSince', of('datetime'), of('datetime')),
        call('toTime', of('datetime')),
      ];
  }
}

const all = fc.constant({ op: 'All' });
const subject = (type: string): fc.Arbitrary<JsonObject> => {
  const own = pick(uids.filter((uid) => uid.type === type)).map((uid): JsonObject => ({
    type: uid.type,
    id: uid.id,
  }));
  const any = pick(uids).map((uid): JsonObject => ({ type: uid.type, id: uid.id }));
  return fc.oneof(
    { weight: 20, arbitrary: all },
    { weight: 2, arbitrary: own.map((uid) => ({ op: '==', entity: uid })) },
    { weight: 2, arbitrary: any.map((uid) => ({ op: 'in', entity: uid })) },
    { weight: 1, arbitrary: fc.constant({ op: 'is', entity_type: type }) },
    {
      weight: 1,
      arbitrary: any.map((uid) => ({ op: 'is', entity_type: type, in: { entity: uid } })),
    },
  );
};
const actionUid = pick(uids.filter(({ type }) => type === 'Action')).map((uid): JsonObject => ({
  type: uid.type,
  id: uid.id,
}));
const actionScope = fc.oneof(
  { weight: 8, arbitrary: all },
  actionUid.map((uid) => ({ op: '==', entity: uid })),
  actionUid.map((uid) => ({ op: 'in', entity: uid })),
  fc.array(actionUid, { maxLength: 2 }).map((list) => ({ op: 'in', entities: list })),
);

const policy: fc.Arbitrary<JsonObject> = fc.record({
  effect: fc.oneof(
    { weight: 3, arbitrary: fc.constant('permit') },
    { weight: 1, arbitrary: fc.constant('forbid') },
  ),
  principal: subject('Agent'),
  action: actionScope,
  resource: subject('Capability'),
  conditions: fc.array(
    fc.record({
      kind: pick(['when', 'when', 'unless']),
      body: fc.oneof(
        { weight: 12, arbitrary: expression('bool', 3) },
        { weight: 1, arbitrary: expression('long', 1) },
      ),
    }),
    { maxLength: 2 },
  ),
});

const policies: fc.Arbitrary<BundlePolicies> = fc
  .array(policy, { minLength: 1, maxLength: 6 })
  .map((list) => ({
    staticPolicies: Object.fromEntries(list.map((each, index) => [`p${index}`, each])),
    templates: {},
    templateLinks: [],
  }));

const scalars: Readonly<Record<string, fc.Arbitrary<CedarValue>>> = {
  n: pick(longs),
  x: pick(longs),
  s: pick(strings),
  y: pick(strings),
  b: fc.boolean(),
  ns: fc.array(pick(longs), { maxLength: 3 }),
  ss: fc.array(pick(strings), { maxLength: 3 }),
  e: entity,
  es: fc.array(entity, { maxLength: 3 }),
};
/** Sometimes another value than usual. */
const loose = fc.oneof(
  pick(longs),
  pick(strings),
  entity,
  pick(['1d', '-1d', '1h30m']).map((arg) => ({ __extn: { fn: 'duration', arg } })),
);
const membersFrom = (
  usual: Readonly<Record<string, fc.Arbitrary<CedarValue>>>,
): fc.Arbitrary<Record<string, CedarValue>> =>
  fc.record(
    Object.fromEntries(
      Object.entries(usual).map(([name, arbitrary]) => [
        name,
        fc.oneof({ weight: 12, arbitrary }, { weight: 1, arbitrary: loose }),
      ]),
    ),
    { requiredKeys: ['n', 's', 'b'] },
  );
const context = membersFrom({ ...scalars, r: membersFrom(scalars) });

/** Some of the entities, each below some of those that come after it. */
const entities: fc.Arbitrary<readonly CedarEntity[]> = fc
  .tuple(
    ...uids.map((uid, index) =>
      fc.record({
        present: fc.integer({ min: 0, max: 4 }),
        uid: fc.constant(uid),
        attrs: membersFrom(scalars),
        parents: fc.subarray(uids.slice(index + 1), {
          maxLength: Math.min(2, uids.length - index - 1),
        }),
      }),
    ),
  )
  .map((list) =>
    list
      .filter(({ present }) => present > 0)
      .map(({ uid, attrs: members, parents }) => ({ uid, attrs: members, parents })),
  );

const request: fc.Arbitrary<PolicyRequest> = fc.record({
  principal: pick(uids.filter(({ type }) => type === 'Agent')),
  action: pick(uids.filter(({ type }) => type === 'Action')),
  resource: pick(uids.filter(({ type }) => type === 'Capability')),
  context,
  entities,
});

function evaluate(set: BundlePolicies, question: PolicyRequest) {
  const compiled = compileCedar({ ...set });
  if (!compiled.ok) throw new Error(compiled.refusal.message);
  return compiled.value(question);
}

function answerOf(set: BundlePolicies, question: PolicyRequest): CedarAnswer {
  const { decision, reasons, errors } = evaluate(set, question);
  return { decision, reasons, errors };
}

/** The same policies as Cedar writes them after they were text. */
function throughText({ staticPolicies, ...rest }: BundlePolicies): BundlePolicies {
  const again = Object.entries(staticPolicies).map(([id, each]) => {
    const text = cedar().policyToText(each as never);
    if (text.type === 'failure') throw new Error(text.errors[0]?.message);
    const json = cedar().policyToJson(text.text);
    if (json.type === 'failure') throw new Error(json.errors[0]?.message);
    return [id, json.json as unknown as Json] as const;
  });
  return { staticPolicies: Object.fromEntries(again), ...rest };
}

describe('the kernel and Cedar', { timeout: 60_000 + most.numRuns * 20 }, () => {
  it('give the same decision, reasons and errors', () => {
    fc.assert(
      fc.property(policies, request, (set, question) => {
        expect(answerOf(set, question)).toEqual(decideWithCedar({ policies: set }, question));
      }),
      most,
    );
  });

  it('agree on policies that were written as text', () => {
    fc.assert(
      fc.property(policies, request, (set, question) => {
        const written = throughText(set);
        expect(answerOf(written, question)).toEqual(
          decideWithCedar({ policies: written }, question),
        );
      }),
      some,
    );
  });

  it('agree on the permits that are satisfied, whatever forbids', () => {
    fc.assert(
      fc.property(policies, request, (set, question) => {
        const permits = Object.entries(set.staticPolicies).filter(
          ([, each]) => (each as JsonObject)['effect'] === 'permit',
        );
        const { reasons } = decideWithCedar(
          { policies: { ...set, staticPolicies: Object.fromEntries(permits) } },
          question,
        );
        expect(evaluate(set, question).satisfiedPermits).toEqual(reasons);
      }),
      some,
    );
  });
});
