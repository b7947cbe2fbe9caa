import { describe, expect, it } from 'vitest';
import { someTerms } from '@chancery/testkit/builders';
import { attenuate } from './attenuate.ts';
import { checkEdge, covers } from './covers.ts';
import type { Terms } from './model.ts';

const parent = someTerms();
const read = { capability: 'fs.read', where: [] };

function componentOf(child: Partial<Terms>): unknown {
  return covers(parent, someTerms(child))?.details['component'];
}

describe('covers', () => {
  it('admits equal and narrower terms', () => {
    expect(covers(parent, parent)).toBeUndefined();
    expect(
      covers(
        parent,
        someTerms({
          grants: [
            { capability: 'fs.write', where: [{ arg: 'path', op: 'is', value: 'src/a.ts' }] },
          ],
          effects: ['read'],
          budget: { ...parent.budget, tokens: 0 },
          window: { notBefore: 2_000, notAfter: 2_000 },
          delegation: { depth: 0, children: 0 },
        }),
      ),
    ).toBeUndefined();
  });

  it.each<[string, Partial<Terms>]>([
    ['grants', { grants: [{ capability: 'shell.run', where: [] }] }],
    ['where', { grants: [read, { capability: 'fs.write', where: [] }] }],
    [
      'where',
      { grants: [{ capability: 'fs.write', where: [{ arg: 'path', op: 'under', value: '.' }] }] },
    ],
    [
      'where',
      { grants: [{ capability: 'fs.write', where: [{ arg: 'to', op: 'under', value: 'src' }] }] },
    ],
    ['effects', { effects: ['read', 'external'] }],
    ['budget', { budget: { ...parent.budget, tokens: parent.budget.tokens + 1 } }],
    ['budget', { budget: { ...parent.budget, bytesOut: parent.budget.bytesOut + 1 } }],
    ['window', { window: { notBefore: 999, notAfter: 9_000 } }],
    ['window', { window: { notBefore: 1_000, notAfter: 9_001 } }],
    ['delegation', { delegation: { depth: 2, children: 4 } }],
    ['delegation', { delegation: { depth: 1, children: 5 } }],
  ])('refuses terms that are wider in their %s alone: %j', (component, child) => {
    expect(covers(parent, someTerms(child))?.code).toBe('writ.widened');
    expect(componentOf(child)).toBe(component);
  });

  it('lets a child be pure whatever is permitted above', () => {
    expect(covers(someTerms({ effects: [] }), someTerms({ effects: ['pure'] }))).toBeUndefined();
  });
});

describe('checkEdge', () => {
  it('asks for a depth that falls and for room for children', () => {
    const child = someTerms({ delegation: { depth: 0, children: 4 } });
    expect(checkEdge(parent, child)).toBeUndefined();
    expect(checkEdge(parent, parent)?.message).toBe('the depth of delegation does not fall');
    const childless = someTerms({ delegation: { depth: 1, children: 0 } });
    expect(checkEdge(childless, child)?.message).toBe('the writ above allows no children');
  });
});

describe('attenuate', () => {
  it('meets component by component', () => {
    const request = someTerms({
      grants: [
        { capability: 'fs.write', where: [{ arg: 'path', op: 'under', value: 'src/lib' }] },
        { capability: 'shell.run', where: [] },
      ],
      effects: ['read', 'irreversible'],
      budget: { ...parent.budget, tokens: 5, calls: 1_000_000 },
      window: { notBefore: 0, notAfter: 3_000 },
      delegation: { depth: 9, children: 2 },
    });
    expect(attenuate(parent, request)).toEqual({
      ok: true,
      value: {
        grants: [
          {
            capability: 'fs.write',
            where: [
              { arg: 'path', op: 'under', value: 'src' },
              { arg: 'path', op: 'under', value: 'src/lib' },
            ],
          },
        ],
        effects: ['read'],
        budget: { ...parent.budget, tokens: 5 },
        window: { notBefore: 1_000, notAfter: 3_000 },
        delegation: { depth: 0, children: 2 },
      },
    });
  });

  it('carves a grant that granted nothing before as it is', () => {
    const nowhere = ['a', 'b'].map((value) => ({ arg: 'path', op: 'under' as const, value }));
    const grants = [{ capability: 'fs.read', where: nowhere }];
    const child = attenuate(someTerms({ grants }), someTerms());
    expect(child.ok ? child.value.grants : child.refusal).toEqual(grants);
  });

  it.each<[string, Terms, Terms]>([
    [
      'nothing satisfies the conditions of both',
      parent,
      someTerms({
        grants: [{ capability: 'fs.write', where: [{ arg: 'path', op: 'under', value: 'docs' }] }],
      }),
    ],
    [
      'windows do not overlap',
      parent,
      someTerms({ window: { notBefore: 9_001, notAfter: 9_002 } }),
    ],
    ['depth is used up', someTerms({ delegation: { depth: 0, children: 1 } }), parent],
    ['children are not allowed', someTerms({ delegation: { depth: 1, children: 0 } }), parent],
  ])('refuses when %s', (_, above, request) => {
    const result = attenuate(above, request);
    expect(result.ok ? undefined : result.refusal.code).toBe('writ.widened');
  });
});
