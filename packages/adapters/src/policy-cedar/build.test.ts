import { describe, expect, it } from 'vitest';
import { compilePolicySet } from '@chancery/kernel/policy';
import { buildBundle } from './build.ts';
import { defaultPolicyText } from './default-bundle.ts';
import { schemaDigest } from './schema.ts';

const build = (text: string) => buildBundle({ name: 'test', level: 'repository', text });
const permit = 'permit (principal, action, resource)';

describe('building a bundle', () => {
  it('gives the JSON form by id, the formatted text with its comments, and the schema', () => {
    expect(
      build(`// why\n@id("a") ${permit} when { context.depth<9007199254740991 }; // so\n`),
    ).toEqual({
      ok: true,
      value: {
        v: 1,
        name: 'test',
        level: 'repository',
        policies: {
          staticPolicies: {
            a: {
              effect: 'permit',
              principal: { op: 'All' },
              action: { op: 'All' },
              resource: { op: 'All' },
              conditions: [
                {
                  kind: 'when',
                  body: {
                    '<': {
                      left: { '.': { left: { Var: 'context' }, attr: 'depth' } },
                      right: { Value: 9007199254740991 },
                    },
                  },
                },
              ],
              annotations: { id: 'a' },
            },
          },
          templates: {},
          templateLinks: [],
        },
        text: `// why\n@id("a")\n${permit}\nwhen { context.depth < 9007199254740991 }; // so\n`,
        schema: schemaDigest,
      },
    });
  });

  it('formats what it formatted to the same text', () => {
    const once = build(defaultPolicyText);
    const again = once.ok ? build(once.value.text) : once;
    expect(again).toEqual(once);
  });

  it('makes a bundle that the kernel compiles', () => {
    const built = build(defaultPolicyText);
    expect(built.ok && compilePolicySet([built.value]).ok).toBe(true);
  });

  const integer = 'an integer is beyond ±(2^53-1)';
  const wrong: readonly (readonly [string, string, string])[] = [
    [
      'what does not parse',
      `@id("a")\n${permit} when { 1 + };`,
      'line 2, column 49: failed to parse',
    ],
    ['an unended rule', `@id("a") ${permit}`, 'line 1, column 46: failed to parse'],
    [
      'a template',
      `@id("a") permit (principal == ?principal, action, resource);`,
      'line 1, column 31: failed to parse',
    ],
    [
      'a rule without @id',
      `@id("a") ${permit};\n\n// b\n  ${permit};`,
      'line 4, column 3: the rule has no @id("...")',
    ],
    [
      'an id twice',
      `@id("a") ${permit};\n@id("a") ${permit};`,
      'line 2, column 1: a rule before has the id a too',
    ],
    [
      'an attribute that the schema does not have',
      `// é\n@id("a") ${permit}\nwhen { "é" == context.nope };`,
      'line 3, column 15: for policy `a`, attribute `nope`',
    ],
    [
      'an optional attribute that is not asked for',
      `@id("a") ${permit} when { context.path == "a" };`,
      'line 1, column 54: for policy `a`, unable to guarantee safety',
    ],
    [
      'a comparison of different types',
      `@id("a") ${permit} when { context.depth == "1" };`,
      'line 1, column',
    ],
    [
      'a rule that can never match',
      `@id("a") ${permit} when { 1 == 2 };`,
      'line 1, column 1: for policy `a`, policy is impossible',
    ],
    [
      'an unknown annotation',
      `@id("a") ${permit};\n@id("b") @note("x") ${permit};`,
      'line 2, column 1: policy b: the annotation @note is unknown',
    ],
    [
      'a hold on a permit',
      `@id("a") @hold("human") ${permit};`,
      'line 1, column 1: policy a: @hold must hold',
    ],
    [
      'a quorum of 17',
      `@id("a") @hold("human") @quorum("17") forbid (principal, action, resource);`,
      'line 1, column 1: policy a: @quorum must hold',
    ],
    [
      'an integer beyond 2^53-1',
      `@id("a") ${permit}\nwhen { context.depth < 9007199254740992 };`,
      `line 2, column 24: ${integer}`,
    ],
    [
      'a negative integer beyond',
      `@id("a") ${permit}\nwhen { context.depth > -9007199254740993 };`,
      `line 2, column 25: ${integer}`,
    ],
    [
      'an integer of a thousand digits',
      `@id("a") ${permit} when { context.depth < ${'9'.repeat(1000)} };`,
      `line 1, column 70: ${integer}`,
    ],
  ];
  it.each(wrong)('refuses %s, naming the place', (_what, text, message) => {
    const built = build(text);
    expect(built.ok ? undefined : [built.refusal.code, built.refusal.message]).toEqual([
      'policy.invalid',
      expect.stringContaining(message),
    ]);
  });

  it('does not take digits in strings, comments and names for integers', () => {
    const digits = '99999999999999999999';
    const text = `// ${digits} "\n@id("a${digits}") @advice("\\"${digits};") ${permit}\nwhen { context has command && context.command == "${digits}" }; // ${digits}`;
    expect(build(text).ok).toBe(true);
  });

  it('refuses a rule that nests deeper than can be recorded', () => {
    const chain = (count: number) =>
      `@id("a") ${permit} when { ${Array.from({ length: count }, (_, index) => `context.depth == ${index}`).join(' || ')} };`;
    expect(build(chain(20)).ok).toBe(true);
    const built = build(chain(40));
    expect(built.ok ? undefined : built.refusal.message).toBe(
      'line 1, column 1: the rule nests too deeply: use several when clauses, or a set',
    );
  });
});
