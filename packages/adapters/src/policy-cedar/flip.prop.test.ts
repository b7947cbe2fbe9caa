import {
  changed,
  requestOf,
  smallestFlips,
  type Change,
  type MemberForm,
} from '@chancery/domain/policies';
import { effects, risks } from '@chancery/kernel/contract';
import { compilePolicySet, type PolicyRequest } from '@chancery/kernel/policy';
import { valueOf } from '@chancery/testkit/builders';
import { cases } from '@chancery/testkit/properties';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildBundle } from './build.ts';
import { requestForm } from './request-form.ts';
import { checkRequest } from './request.ts';

const form = requestForm();
const attributes = (effect: 'read' | 'write' | 'external') => ({
  ...{ version: '1', effect, risk: 'low' as const },
});
const known = new Map([
  ['fs.read', attributes('read')],
  ['fs.write', attributes('write')],
  ['shell.run', attributes('external')],
]);
const around = {
  contracts: new Map([...known].map(([name, of]) => [name, { ...of, roles: {} }] as const)),
  commandOf: () => ({ programs: ['npm'], does: [], reads: [], writes: [], paths: [] }),
  protectedPaths: [],
  nowMs: 1_000,
};

const key = (of: string): string => `ed25519:${of.repeat(64)}`;
const text = fc.constantFrom('a', 'b', 'npm', 'docs/x.md', 'example.org:443');
const quoted = (value: string): string => JSON.stringify(value);
const listed = (values: readonly string[]): string => `[${values.map(quoted).join(', ')}]`;
const several = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(of, { minLength: 1, maxLength: 3 });

/** Members of the schema that conditions can be about, by how they are written. */
interface Member {
  readonly path: string;
  readonly form: MemberForm;
}

function membersUnder(path: string, members: Readonly<Record<string, MemberForm>>): Member[] {
  return Object.entries(members).flatMap(([name, of]) =>
    typeof of.type === 'string'
      ? [{ path: `${path}.${name}`, form: of }]
      : membersUnder(`${path}.${name}`, of.type),
  );
}

const members = [
  ...membersUnder('context', form.context),
  ...membersUnder('resource', form.resource),
].filter(({ path }) => path !== 'resource.name');

const words: Readonly<Record<string, readonly string[]>> = { effect: effects, risk: risks };
const textFor = (path: string): fc.Arbitrary<string> => {
  const of = words[path.split('.').at(-1)?.replace(/s$/, '') ?? ''];
  return of === undefined ? text : fc.constantFrom(...of);
};

/** Conditions on one member that some question satisfies, and some other does not. */
function conditionOn({ path, form: { type } }: Member): fc.Arbitrary<string> {
  const one = textFor(path);
  const isWord = one !== text;
  if (type === 'truth') return fc.constantFrom(path, `!${path}`, `${path} == true`);
  if (type === 'number') {
    const bound = fc.integer({ min: 1, max: path.endsWith('riskLevel') ? 2 : 100_000 });
    const compared = fc
      .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), bound)
      .map(([op, number]) => `${path} ${op} ${number}`);
    const computed = fc
      .tuple(fc.constantFrom('<', '>=', '=='), bound, fc.integer({ min: 0, max: 50 }))
      .map(([op, number, more]) => `${path} + ${more} ${op} ${number + more}`);
    const times = fc
      .tuple(fc.constantFrom('<', '>='), bound)
      .map(([op, number]) => `${path} * 3 ${op} ${number * 3}`);
    return fc.oneof(compared, computed, times);
  }
  if (type === 'text') {
    const is = fc
      .tuple(fc.constantFrom('==', '!='), one)
      .map(([op, of]) => `${path} ${op} ${quoted(of)}`);
    const among = several(one).map((of) => `${listed(of)}.contains(${path})`);
    const like = text.map((of) => `${path} like ${quoted(`${of}*`)}`);
    return isWord ? fc.oneof(is, among) : fc.oneof(is, among, like);
  }
  const set = several(one).map(listed);
  return fc.oneof(
    one.map((of) => `${path}.contains(${quoted(of)})`),
    fc
      .tuple(fc.constantFrom('containsAll', 'containsAny'), set)
      .map(([of, all]) => `${path}.${of}(${all})`),
    set.map((all) => `${all}.containsAll(${path})`),
    set.map((all) => `${path} == ${all}`),
    fc.constant(`${path}.isEmpty()`),
  );
}

const onMember = fc.constantFrom(...members).chain((member) => {
  const asked = conditionOn(member);
  if (!member.form.optional) return asked;
  const has = member.path.replace(/\.(?=\w+$)/, ' has ');
  return fc.oneof(
    fc.constant(has),
    asked.map((of) => `${has} && ${of}`),
  );
});
const onVariable = fc.oneof(
  fc.constantFrom('a', 'b').map((of) => `principal == Agent::${quoted(key(of))}`),
  fc.constantFrom(...form.actions).map((of) => `action == Action::${quoted(of)}`),
  fc
    .constantFrom(...known.keys(), 'mail.send')
    .map((of) => `resource == Capability::${quoted(of)}`),
  fc.constantFrom('fs', 'shell', 'mail').map((of) => `resource in CapabilityGroup::${quoted(of)}`),
  fc.constantFrom(...known.keys()).map((of) => `resource.name == ${quoted(of)}`),
);
const condition = fc.oneof(
  { weight: 6, arbitrary: onMember },
  { weight: 1, arbitrary: onVariable },
);

const joined = fc.oneof(
  { weight: 3, arbitrary: condition },
  fc
    .tuple(condition, fc.constantFrom('&&', '||'), condition)
    .map(([left, op, right]) => `(${left}) ${op} (${right})`),
  condition.map((of) => `!(${of})`),
  fc.tuple(condition, condition, condition).map(([a, b, c]) => `if (${a}) then (${b}) else (${c})`),
);

const request: fc.Arbitrary<PolicyRequest> = fc
  .record({
    capability: fc.constantFrom(...known.keys()),
    told: fc.record(
      {
        ...{ path: text, command: text, depth: fc.nat(3), unsandboxed: fc.boolean() },
        ...{ hosts: several(text), labels: several(text), repository: text },
        effect: fc.constantFrom(...effects),
        principal: fc.constantFrom(key('a'), key('c')),
        facts: fc.record({ commits: fc.nat(9), readSecret: fc.boolean() }),
      },
      { requiredKeys: [] },
    ),
  })
  .map((situation) => valueOf(requestOf(situation, around)));

const scope = '(principal, action, resource)';

const kinds = ['permit', 'forbid', '@hold("human") forbid'];
const ruleOf = (kind: string, asked: string): string => `${kind} ${scope} when { ${asked} };`;

function under(rules: readonly string[]) {
  const text = rules.map((rule, index) => `@id("r${index}") ${rule}`).join('\n');
  const bundle = valueOf(buildBundle({ name: 'p', level: 'tenant', text }));
  const { decide } = valueOf(compilePolicySet([bundle]));
  const deciding = { bundles: [bundle], decide, form, known };
  return { decide, flips: (asked: PolicyRequest) => smallestFlips(asked, deciding) };
}

describe('the smallest change of an action', () => {
  it('is found for every rule of one condition, whatever that is about', () => {
    fc.assert(
      fc.property(condition, fc.constantFrom(...kinds), request, (asked, kind, action) => {
        const { flips } = under([
          ruleOf(kind, asked),
          ...(kind === 'permit' ? [] : [`permit ${scope};`]),
        ]);
        expect(flips(action).found).not.toEqual([]);
      }),
      cases(400),
    );
  });

  it('flips the decision where it is made, needs each of its parts, and is a question of the schema', () => {
    const rule = fc.tuple(fc.constantFrom(...kinds), joined);
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), request, (rules, action) => {
        const { decide, flips } = under(rules.map(([kind, asked]) => ruleOf(kind, asked)));
        const present = decide(action).kind;
        const after = (changes: readonly Change[]): PolicyRequest =>
          changed(action, changes, known);
        for (const { changes, verdict } of flips(action).found) {
          expect(verdict).not.toBe(present);
          expect(decide(after(changes)).kind).toBe(verdict);
          expect(checkRequest(after(changes))).toEqual({ ok: true, value: null });
          for (const change of changes) {
            const fewer = after(changes.filter((each) => each !== change));
            expect(decide(fewer).kind).not.toBe(verdict);
          }
        }
      }),
      cases(150),
    );
  });
});
