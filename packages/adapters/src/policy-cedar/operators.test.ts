import { describe, expect, it } from 'vitest';
import type { Json } from '@chancery/kernel/encoding';
import { compileCedar, type PolicyRequest } from '@chancery/kernel/policy';
import { cedar } from './cedar.ts';
import { cedarDecider, decideWithCedar } from './decide.ts';

const user = (id: string) => ({ type: 'PhotoApp::User', id });
const album = (id: string) => ({ type: 'Album', id });

const request: PolicyRequest = {
  principal: user('alice'),
  action: { type: 'Action', id: 'view' },
  resource: { type: 'Photo', id: 'beach.jpg' },
  context: {
    mfa: true,
    n: 5,
    name: 'src/main.ts',
    tags: ['public', 'holiday'],
    owner: { __entity: user('alice') },
    viewers: [{ __entity: user('bob') }, { __entity: user('alice') }],
    source: { __extn: { fn: 'ip', arg: '10.1.2.3' } },
    device: { os: { name: 'linux' }, 'screen size': 3 },
  },
  entities: [
    { uid: user('alice'), attrs: { level: 3 }, parents: [{ type: 'Team', id: 'staff' }] },
    {
      uid: { type: 'Photo', id: 'beach.jpg' },
      attrs: { private: false },
      parents: [album('trip')],
    },
    { uid: album('trip'), attrs: {}, parents: [album('all')] },
  ],
};

type Outcome = 'permits' | 'does not match' | 'fails';

/** Scope, condition and outcome of a rule in the manner of Cedar's own examples. */
const rules: readonly (readonly [string, Outcome])[] = [
  // Scopes
  ['(principal == PhotoApp::User::"alice", action, resource)', 'permits'],
  ['(principal == Album::"alice", action, resource)', 'does not match'],
  ['(principal in Team::"staff", action in [Action::"edit", Action::"view"], resource)', 'permits'],
  ['(principal, action in Action::"view", resource in Album::"all")', 'permits'],
  [
    '(principal is PhotoApp::User, action == Action::"view", resource is Photo in Album::"trip")',
    'permits',
  ],
  ['(principal, action, resource is Album in Album::"trip")', 'does not match'],
  // Booleans
  ['(principal, action, resource) when { context.mfa } unless { resource.private }', 'permits'],
  ['(principal, action, resource) when { true || context.nothing }', 'permits'],
  ['(principal, action, resource) when { context.nothing || true }', 'fails'],
  ['(principal, action, resource) when { false && 1 }', 'does not match'],
  ['(principal, action, resource) when { true && 1 }', 'fails'],
  [
    '(principal, action, resource) when { if context.n > 4 then context.mfa else 1 == "x" }',
    'permits',
  ],
  ['(principal, action, resource) when { !(context.n == 5) }', 'does not match'],
  // Equality across types
  [
    '(principal, action, resource) when { 1 != "1" && [1, 2, 1] == [2, 1] && {a: 1} != {b: 1} }',
    'permits',
  ],
  // Arithmetic
  [
    '(principal, action, resource) when { context.n * 3 - 1 >= 14 && -context.n + 2 < 0 }',
    'permits',
  ],
  ['(principal, action, resource) when { 9007199254740991 * 9007199254740991 > 0 }', 'fails'],
  [
    '(principal, action, resource) when { 9007199254740991 * 1024 > 9007199254740991 * 1023 }',
    'permits',
  ],
  ['(principal, action, resource) when { 1 < "2" }', 'fails'],
  // Attributes
  [
    '(principal, action, resource) when { context has device.os.name && context.device.os.name == "linux" }',
    'permits',
  ],
  ['(principal, action, resource) when { context has device.cpu.name }', 'does not match'],
  [
    '(principal, action, resource) when { context.device["screen size"] <= 3 && principal.level == 3 }',
    'permits',
  ],
  ['(principal, action, resource) when { PhotoApp::User::"ghost" has level }', 'does not match'],
  ['(principal, action, resource) when { PhotoApp::User::"ghost".level == 3 }', 'fails'],
  ['(principal, action, resource) when { principal.hasTag("x") }', 'does not match'],
  ['(principal, action, resource) when { principal.getTag("x") == 1 }', 'fails'],
  // Entities
  [
    '(principal, action, resource) when { context.owner == principal && principal in context.viewers }',
    'permits',
  ],
  [
    '(principal, action, resource) when { resource in [Album::"none", Album::"all"] && principal is PhotoApp::User }',
    'permits',
  ],
  ['(principal, action, resource) when { principal in [principal, 1] }', 'fails'],
  // Sets
  [
    '(principal, action, resource) when { context.tags.contains("public") && !context.tags.isEmpty() }',
    'permits',
  ],
  [
    '(principal, action, resource) when { context.tags.containsAll(["public", "secret"]) }',
    'does not match',
  ],
  [
    '(principal, action, resource) when { context.tags.containsAny(["public", "secret"]) }',
    'permits',
  ],
  ['(principal, action, resource) when { ["public"].contains(context.nothing) }', 'fails'],
  // Patterns
  ['(principal, action, resource) when { context.name like "src/*.ts" }', 'permits'],
  ['(principal, action, resource) when { context.name like "*main*s/*" }', 'does not match'],
  [
    '(principal, action, resource) when { "a*c" like "a\\*c" && !("abc" like "a\\*c") && "aa" like "*a*a*" }',
    'permits',
  ],
  ['(principal, action, resource) when { "aba" like "ab*ba" }', 'does not match'],
  // A literal may not be matched twice.
  ['(principal, action, resource) when { "abc" like "a*bc*c" }', 'does not match'],
  // Extensions
  [
    '(principal, action, resource) when { context.source.isInRange(ip("10.0.0.0/8")) && !context.source.isLoopback() }',
    'permits',
  ],
  [
    '(principal, action, resource) when { decimal("1.50").lessThan(decimal("1.5001")) && decimal("1.5") == decimal("1.50") }',
    'permits',
  ],
  [
    '(principal, action, resource) when { datetime("2024-02-29T12:00:00Z").toDate().offset(duration("1d")) == datetime("2024-03-01") }',
    'permits',
  ],
  [
    '(principal, action, resource) when { datetime("2024-01-01T00:00:00-0130") == datetime("2024-01-01T01:30:00Z") }',
    'permits',
  ],
  [
    '(principal, action, resource) when { datetime("2024-01-01T00:00:00+0130") == datetime("2023-12-31T22:30:00Z") }',
    'permits',
  ],
  [
    '(principal, action, resource) when { datetime("2024-02-30") < datetime("2024-03-01") }',
    'fails',
  ],
  [
    '(principal, action, resource) when { duration("-1d2h").toHours() == -26 && duration("90s").toMinutes() == 1 }',
    'permits',
  ],
];

function outcomeOf({ decision, errors }: { decision: string; errors: readonly string[] }): Outcome {
  if (errors.length > 0) return 'fails';
  return decision === 'allow' ? 'permits' : 'does not match';
}

describe('a rule as in Cedar’s examples', () => {
  it.each(rules)('permit %s: %s, for the kernel as for Cedar', (text, outcome) => {
    const parsed = cedar().policyToJson(`permit ${text};`);
    if (parsed.type === 'failure') throw new Error(parsed.errors[0]?.message);
    const staticPolicies = { p: parsed.json as unknown as Json };
    const policies = { staticPolicies, templates: {}, templateLinks: [] };
    const compiled = compileCedar(policies);
    if (!compiled.ok) throw new Error(compiled.refusal.message);
    expect({
      kernel: outcomeOf(compiled.value(request)),
      cedar: outcomeOf(decideWithCedar({ policies }, request)),
      preparsed: outcomeOf(cedarDecider({ policies })(request)),
    }).toEqual({ kernel: outcome, cedar: outcome, preparsed: outcome });
  });
});
