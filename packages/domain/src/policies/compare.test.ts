import { describe, expect, it } from 'vitest';
import type { Bundle, Level } from '@chancery/kernel/policy';
import { mayPermitMore, wideningsOf } from './compare.ts';

function bundle(level: Level, rules: Readonly<Record<string, 'permit' | 'forbid'>>): Bundle {
  const scope = { principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' } };
  const staticPolicies = Object.fromEntries(
    Object.entries(rules).map(([id, effect]) => [id, { ...scope, effect, conditions: [] }]),
  );
  const policies = { staticPolicies, templates: {}, templateLinks: [] } as Bundle['policies'];
  return { v: 1, name: 'p', level, policies, text: '', schema: 'a'.repeat(64) };
}

const plain = bundle('tenant', { a: 'permit', b: 'forbid' });

describe('what remains of policies', () => {
  it.each<[string, readonly Bundle[], boolean]>([
    ['the same', [plain], false],
    ['with another forbid', [bundle('tenant', { a: 'permit', b: 'forbid', c: 'forbid' })], false],
    ['with a level that there was not', [plain, bundle('run', { c: 'permit' })], false],
    ['without a forbid', [bundle('tenant', { a: 'permit' })], true],
    ['with another permit', [bundle('tenant', { a: 'permit', b: 'forbid', c: 'permit' })], true],
    [
      'with a forbid that has become a permit',
      [bundle('tenant', { a: 'permit', b: 'permit' })],
      true,
    ],
    ['at another level', [bundle('run', { a: 'permit', b: 'forbid' })], true],
    ['nothing at all', [], true],
  ])('may permit more or not: %s', (_, after, expected) => {
    expect(mayPermitMore([plain], after)).toBe(expected);
  });

  it('tells by which rules, of which bundle', () => {
    const beside = { ...bundle('tenant', { c: 'permit', d: 'forbid' }), name: 'q' };
    expect(wideningsOf([plain], [plain, beside])).toEqual([
      { how: 'permits', effect: 'permit', level: 'tenant', policy: 'q', rule: 'c' },
    ]);
    expect(wideningsOf([plain, beside], [beside])).toEqual([
      { how: 'gone', effect: 'permit', level: 'tenant', policy: 'p', rule: 'a' },
      { how: 'gone', effect: 'forbid', level: 'tenant', policy: 'p', rule: 'b' },
    ]);
  });
});
