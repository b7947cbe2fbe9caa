import {
  changed,
  compareBundles,
  lint,
  readExamples,
  requestOf,
  smallestFlips,
  type Flip,
} from '@chancery/domain/policies';
import type { JsonObject } from '@chancery/kernel/encoding';
import {
  compilePolicySet,
  type Bundle,
  type Level,
  type PolicyRequest,
  type PolicySet,
} from '@chancery/kernel/policy';
import { valueOf } from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import { buildBundle } from './build.ts';
import { formatPolicy } from './format.ts';
import { requestForm } from './request-form.ts';
import { checkRequest } from './request.ts';
import { ruleLines } from './rule-lines.ts';
import { starters } from './starters.ts';

const names = ['fs.read', 'fs.write', 'shell.run'];
const around = {
  contracts: new Map(
    names.map(
      (name) =>
        [
          name,
          { version: '1', effect: name === 'fs.read' ? 'read' : 'write', risk: 'low', roles: {} },
        ] as const,
    ),
  ),
  commandOf: (line: string) => ({
    programs: [line.split(' ').slice(0, 2).join(' ')],
    ...{ does: [], reads: [], writes: [], paths: [] },
  }),
  protectedPaths: ['*.lock'],
  nowMs: 0,
};

function built(text: string, level: Level = 'tenant'): Bundle {
  return valueOf(buildBundle({ name: 'test', level, text }));
}

function setOf(bundle: Bundle): PolicySet {
  return valueOf(compilePolicySet([bundle]));
}

function asked(capability: string, told: JsonObject = {}) {
  return valueOf(requestOf({ capability, told }, around));
}

const all = 'permit (principal, action, resource)';
const none = 'forbid (principal, action, resource)';

describe('conditions that exclude each other', () => {
  const told = (conditions: string): readonly string[] =>
    lint(built(`@id("all") ${all};\n@id("a") ${none} ${conditions};`), new Set(names)).flatMap(
      ({ code, message }) => (code === 'never-matches' ? [message] : []),
    );

  it.each([
    ['when { context.depth < 2 && context.depth > 1 }', 'context.depth'],
    ['when { context.depth > 1 } unless { context.depth >= 2 }', 'context.depth'],
    ['when { 1 < context.depth && context.depth < 3 && context.depth != 2 }', 'context.depth'],
    ['when { context.left.calls <= 0 && context.left.calls >= 1 }', 'context.left.calls'],
    ['when { context.effect == "read" && context.effect == "write" }', 'context.effect'],
    [
      'when { ["read", "pure"].contains(context.effect) && ["write"].contains(context.effect) }',
      'context.effect',
    ],
    [
      'when { context has command && context.command like "git *" && context.command like "npm *" }',
      'context.command',
    ],
    [
      'when { context has path && context.path like "*.ts" && context.path == "a.js" }',
      'context.path',
    ],
    [
      'when { context has path && context.path like "ab*ba" && context.path == "aba" }',
      'context.path',
    ],
    ['when { context.unsandboxed && !context.unsandboxed }', 'context.unsandboxed'],
    ['when { context.depth == 1 && (context.depth == 2 || context.depth > 3) }', 'context.depth'],
  ])('are told: %s', (conditions, member) => {
    expect(told(conditions)).toEqual([`a: its conditions on ${member} exclude each other`]);
  });

  it.each([
    'when { context.depth < 3 && context.depth > 1 }',
    'when { context.depth == 1 || context.depth == 2 }',
    'unless { context.depth < 2 && context.depth > 1 }',
    'when { context.left.calls <= 0 && context.left.tokens >= 1 }',
    'when { context has command && context.command like "git *" && context.command like "*push" }',
    'when { context has path && context.path like "a*" && context.path like "ab*" }',
    'when { context.programs.contains("git") && context.programs.contains("npm") }',
    'when { context.depth == 1 && (context.depth == 2 || context.effect == "read") }',
    `when { ${Array.from({ length: 8 }, () => '(context.depth == 1 || context.depth == 2)').join(' && ')} }`,
  ])('are not these: %s', (conditions) => {
    expect(told(conditions)).toEqual([]);
  });
});

describe('a warning', () => {
  const warned = (text: string, level?: Level) =>
    lint(built(text, level), new Set(names)).map(({ code, rule }) => [code, rule]);

  it.each([
    ['a permit of everything', `@id("a") ${all};`, [['permits-everything', 'a']]],
    ['one that is always so', `@id("a") ${all} when { true };`, [['permits-everything', 'a']]],
    [
      'one that compares a member with itself',
      `@id("a") ${all} when { context.depth == context.depth } unless { context.depth < context.depth };`,
      [['permits-everything', 'a']],
    ],
    [
      'one that is so either way',
      `@id("a") ${all} when { context.unsandboxed || !context.unsandboxed || context.depth > 3 };`,
      [['permits-everything', 'a']],
    ],
    [
      'a condition that asks for nothing',
      `@id("a") permit (principal, action, resource == Capability::"fs.write") when { true };
@id("b") ${none} when { context.depth < 3 || context.depth >= 3 } when { context.unsandboxed };`,
      [
        ['always-so', 'a'],
        ['always-so', 'b'],
      ],
    ],
    [
      'a forbid of everything',
      `@id("a") ${none};\n@id("b") ${all} when { context.depth < 1 };`,
      [['forbids-everything', 'a']],
    ],
    [
      'a hold of everything',
      `@id("a") @hold("human") ${none};\n@id("b") ${all} when { context.depth < 1 };`,
      [['forbids-everything', 'a']],
    ],
    [
      'no permit at all',
      `@id("a") ${none} when { context.depth > 1 };`,
      [['permits-nothing', null]],
    ],
    ['rules that are only watched', `@id("a") @shadow ${all};`, [['only-watched', null]]],
    [
      'an unknown capability',
      `@id("a") permit (principal, action, resource == Capability::"fs.wite");`,
      [['never-matches', 'a']],
    ],
    [
      'an unknown group',
      `@id("a") permit (principal, action, resource in CapabilityGroup::"net");`,
      [['never-matches', 'a']],
    ],
    [
      'an unknown effect',
      `@id("a") ${all} when { context.effect == "writes" };`,
      [['never-matches', 'a']],
    ],
    [
      'an unknown risk, the other way',
      `@id("a") ${all} when { "hihg" == resource.risk };`,
      [['never-matches', 'a']],
    ],
    [
      'a rule twice',
      `@id("a") ${all} when { context.depth < 1 };\n@id("b") @advice("x") ${all} when { context.depth < 1 };`,
      [['same-rule', 'b']],
    ],
  ])('is given of %s', (_what, text, expected) => {
    expect(warned(text)).toEqual(expected);
  });

  it('is not given of what narrows', () => {
    const text = `@id("a") ${all};\n@id("b") ${none} when { context.depth > 1 };`;
    expect(warned(text, 'repository')).toEqual([]);
    expect(warned(text, 'tenant')).toEqual([['permits-everything', 'a']]);
    expect(warned(`@id("a") ${all};`, 'run')).toEqual([['permits-everything', 'a']]);
  });

  it('is not given of a group or word that there is, nor of a hold beside the same forbid', () => {
    const text = `@id("a") permit (principal, action, resource in CapabilityGroup::"fs") when { context.effect == "write" };
@id("b") ${none} when { context.depth > 1 };
@id("c") @hold("human") ${none} when { context.depth > 1 };`;
    expect(warned(text)).toEqual([]);
  });
});

describe('a comparison', () => {
  it('tells rules that are new, gone or other, and in which part', () => {
    const before = built(`@id("gone") ${all};
@id("same") ${none} when { context.depth > 1 };
@id("scope") ${all};
@id("condition") ${all} when { context.depth < 1 };
@id("note") ${all} when { context.depth < 2 };
@id("turned") ${none} when { context.depth < 3 };`);
    const after = built(`@id("new") ${all};
// a comment
@id("same")  ${none}
  when { context.depth>1 };
@id("scope") permit (principal, action == Action::"act", resource);
@id("condition") ${all} when { context.depth < 9 };
@id("note") @advice("n") ${all} when { context.depth < 2 };
@id("turned") permit (principal, action, resource) when { context.depth < 3 };`);
    expect(compareBundles(before, after)).toEqual([
      { kind: 'changed', rule: 'condition', parts: ['condition'] },
      { kind: 'removed', rule: 'gone' },
      { kind: 'added', rule: 'new' },
      { kind: 'changed', rule: 'note', parts: ['annotations'] },
      { kind: 'changed', rule: 'scope', parts: ['scope'] },
      { kind: 'changed', rule: 'turned', parts: ['effect'] },
    ]);
    expect(compareBundles(undefined, before).every(({ kind }) => kind === 'added')).toBe(true);
    expect(compareBundles(after, after)).toEqual([]);
  });
});

const possible = {
  form: requestForm(),
  known: new Map([['fs.read', { version: '1', effect: 'read', risk: 'low' }]]),
};

function flipsUnder(bundle: Bundle, request: PolicyRequest) {
  const { decide } = setOf(bundle);
  return smallestFlips(request, { bundles: [bundle], decide, ...possible });
}

describe('the smallest change', () => {
  const flipsOf = (text: string, request = asked('fs.write')): readonly Flip[] => {
    return flipsUnder(built(text), request).found;
  };
  const told = (flips: readonly Flip[]) =>
    flips.map(({ changes, verdict }) => [
      verdict,
      ...changes.map(({ member, to }) => `${member}=${JSON.stringify(to)}`),
    ]);

  it('is one member where one is enough, permits first', () => {
    const text = `@id("a") ${all} when { context.effect == "read" };
@id("b") @hold("human") ${none} when { context.facts.readSecret };`;
    expect(told(flipsOf(text))).toEqual([['permit', 'effect="read"']]);
    const reading = told(flipsOf(text, asked('fs.read')));
    expect(reading[0]).toEqual(['hold', 'facts.readSecret=true']);
    expect(reading).toContainEqual(['deny', 'effect="write"']);
  });

  it('is two members where no single one makes a difference', () => {
    const text = `@id("a") ${all} when { context.depth == 2 && context.unsandboxed };`;
    expect(told(flipsOf(text))).toEqual([['permit', 'depth=2', 'unsandboxed=true']]);
  });

  it.each([
    ['a bound', 'context.depth > 4', 'depth=5'],
    ['an element of a set', 'context.programs.contains("npm")', 'programs=["npm"]'],
    ['one of several', '["external"].contains(context.effect)', 'effect="external"'],
    ['a pattern', 'context has path && context.path like "docs/*"', 'path="docs/"'],
    ['a nested number', 'context.left.calls < 7', 'left.calls=6'],
    ['a number that is nowhere written', 'context.depth * 5 > 100', 'depth=21'],
    [
      'the side that takes less',
      '(context.depth == 2 && context.unsandboxed) || context.labels == ["secret:found"]',
      'labels=["secret:found"]',
    ],
    ['a capability', 'resource.risk == "high"', 'resource.risk="high"'],
    ['who asks', 'principal == Agent::"ed25519:b"', 'principal="ed25519:b"'],
  ])('is found for %s', (_what, condition, expected) => {
    expect(told(flipsOf(`@id("a") ${all} when { ${condition} };`))).toContainEqual([
      'permit',
      expected,
    ]);
  });

  it('leaves an optional member away, and takes an element out of a set', () => {
    const text = `@id("a") ${all};\n@id("b") ${none} when { context has command };
@id("c") ${none} when { context.programs.contains("git push") };`;
    const flips = told(flipsOf(text, asked('shell.run', { command: 'git push' })));
    expect(flips).toContainEqual(['permit', 'command=undefined', 'programs=[]']);
  });

  it('changes in both places what a question tells twice', () => {
    const request = asked('fs.write', { path: 'a' });
    const after = (member: string, to: string | string[] | number | undefined) =>
      changed(request, [{ member, to }], possible.known);
    expect(after('effect', 'external').context).toMatchObject({ effects: ['external'] });
    expect(after('effects', ['read', 'external']).context).toMatchObject({ effect: 'external' });
    expect(after('path', 'b').context).toMatchObject({ paths: ['b'] });
    expect(after('paths', ['b', 'c']).context).not.toHaveProperty('path');
    expect(after('risk', 'high').context).toMatchObject({ riskLevel: 2 });
    expect(after('riskLevel', 3).context).toMatchObject({ risk: 'critical' });
    const other = after('resource', 'fs.read');
    expect(other.entities[1]).toEqual({
      uid: { type: 'Capability', id: 'fs.read' },
      attrs: { name: 'fs.read', version: '1', effect: 'read', risk: 'low' },
      parents: [{ type: 'CapabilityGroup', id: 'fs' }],
    });
    expect(request.context).toMatchObject({ effect: 'write', effects: ['write'], path: 'a' });
  });

  it('is none where nothing makes a difference, and it is told what was tried', () => {
    const none = flipsUnder(built(`@id("a") ${all};`), asked('fs.write'));
    expect(none).toEqual({ found: [], tried: 0, members: [] });
    const rules = `@id("a") ${all} when { context.depth < 1 };\n@id("b") ${all};`;
    const tried = flipsUnder(built(rules), asked('fs.write'));
    expect(tried).toEqual({ found: [], tried: 1, members: ['depth'] });
  });
});

describe('a request', () => {
  it('is refused where the schema does not know it', () => {
    expect(checkRequest(asked('fs.write'))).toEqual({ ok: true, value: null });
    for (const told of [{ nope: 1 }, { depth: 'deep' }, { path: null }, { action: 'drop' }]) {
      const checked = checkRequest(asked('fs.write', told));
      expect(checked.ok ? undefined : checked.refusal.code).toBe('policy.invalid');
    }
  });
});

describe('a policy to begin with', () => {
  it.each(starters.map((starter) => [starter.name, starter] as const))(
    '%s says what its examples say, and warns of nothing',
    (_name, { text, level }) => {
      const bundle = built(text(), level);
      const { decide } = setOf(bundle);
      for (const { capability, situation, expected, rule } of valueOf(readExamples(text()))) {
        const request = asked(capability, situation);
        expect(checkRequest(request).ok).toBe(true);
        const verdict = decide(request);
        expect([capability, verdict.kind]).toEqual([capability, expected]);
        if (rule !== undefined) expect(verdict.rules.map(({ id }) => id)).toContain(rule);
      }
      expect(lint(bundle, new Set([...names, 'savepoint']))).toEqual([]);
    },
  );

  it('is laid out as the formatter does, unless it is the one for reading', () => {
    for (const { name, text } of starters) {
      if (name !== 'default') expect(formatPolicy(text())).toEqual({ ok: true, value: text() });
    }
  });
});

it('finds where each rule begins', () => {
  const text = `// first\n@id("a") ${all};\n\n  @advice("@id(\\"x\\")") @id("b")\n${none};`;
  expect([...ruleLines(text)]).toEqual([
    ['a', 2],
    ['b', 4],
  ]);
});

it('formats nothing that does not parse', () => {
  const formatted = formatPolicy('permit (principal');
  expect(formatted.ok ? undefined : formatted.refusal.code).toBe('policy.invalid');
});
