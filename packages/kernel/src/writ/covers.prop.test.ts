import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { dimensions, type Amounts } from '../account/index.ts';
import { effects } from '../contract/index.ts';
import { attenuate } from './attenuate.ts';
import { contradiction } from './contradiction.ts';
import { checkEdge, covers } from './covers.ts';
import type { Predicate, Terms } from './model.ts';
import { implies, predicateHolds, unmetPredicate, type Asked } from './predicate.ts';
import { readTerms } from './read.ts';

/*
 * Small vocabularies, so that conditions meet: a law about implication is worth nothing over values
 * that never have anything to do with each other.
 */
const arg = fc.constantFrom('path', 'size');
const path = fc.constantFrom('.', 'src', 'src2', 'src/a', 'src/a/b', 'docs');
const host = fc.constantFrom('a.b', 'x.a.b', 'y.x.a.b', 'b', 'xa.b', '127.0.0.1');
const port = fc.constantFrom('', ':443', ':8080');
const hostPattern = fc
  .tuple(fc.constantFrom('a.b', 'x.a.b', 'b', '*.a.b', '*.b', '*.x.a.b', '127.0.0.1'), port)
  .map((parts) => parts.join(''));
const program = fc.constantFrom('git', 'npm', 'node', 'test');
const manifests = ['aa', 'bb', 'cc'].map((byte) => byte.repeat(32));
const manifest = fc.constantFrom(...manifests);
const urlOf = (of: string): string => `https://${of}/`;
const value = fc.oneof(
  path,
  fc.constantFrom('', '..', 'src/../docs', '/src', './src', 'src/'),
  host.map(urlOf),
  host.map((of) => `${of}:8080`),
);
const size = fc.integer({ min: -3, max: 3 });

const setOf = (member: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> =>
  fc.uniqueArray(member, { minLength: 1, maxLength: 4 }).map((values) => values.toSorted());

const predicate: fc.Arbitrary<Predicate> = fc.oneof(
  fc.record({ arg, op: fc.constant('under' as const), value: path }),
  fc.record({ arg, op: fc.constant('is' as const), value }),
  fc.record({
    arg,
    op: fc.constant('in' as const),
    values: setOf(value),
  }),
  fc.record({ arg, op: fc.constant('at-most' as const), value: size }),
  fc.record({ arg, op: fc.constant('host-in' as const), values: setOf(hostPattern) }),
  fc.record({ op: fc.constant('hosts-in' as const), values: setOf(hostPattern) }),
  fc.record({ op: fc.constant('programs-in' as const), values: setOf(program) }),
  fc.record({ op: fc.constant('manifest-in' as const), values: setOf(manifest) }),
);

const grants = fc
  .uniqueArray(
    fc.record({
      capability: fc.constantFrom('fs.read', 'fs.write', 'shell.run'),
      where: fc.array(predicate, { maxLength: 3 }),
    }),
    { selector: (grant) => grant.capability },
  )
  .map((list) => list.toSorted((a, b) => (a.capability < b.capability ? -1 : 1)));

const amount = fc.nat({ max: 4 });
const budget: fc.Arbitrary<Amounts> = fc.record({
  tokens: amount,
  costMicrousd: amount,
  calls: amount,
  wallMs: amount,
  cpuMs: amount,
  bytesOut: amount,
});

const terms: fc.Arbitrary<Terms> = fc.record({
  grants,
  effects: fc.subarray([...effects]),
  budget,
  window: fc
    .tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 }))
    .map(([notBefore, length]) => ({ notBefore, notAfter: notBefore + length })),
  delegation: fc.record({ depth: fc.nat({ max: 3 }), children: fc.nat({ max: 3 }) }),
});

const argument = fc.oneof(value, size, fc.array(value, { maxLength: 3 }), fc.constant(null));
const run = fc.constantFrom('git', 'git push', 'npm', 'npm test', 'node', 'unknown', 'test');
const asked: fc.Arbitrary<Asked> = fc.record({
  args: fc.record({ path: argument, size: argument }, { requiredKeys: [] }),
  programs: fc.uniqueArray(run, { maxLength: 3 }),
  manifest: fc.option(manifest, { nil: undefined }),
  hosts: fc.option(
    fc.uniqueArray(
      host.map((of) => `${of}:443`),
      { maxLength: 2 },
    ),
    {
      nil: undefined,
    },
  ),
});

function admits(of: Terms, capability: string, given: Asked): boolean {
  const grant = of.grants.find((candidate) => candidate.capability === capability);
  return grant !== undefined && unmetPredicate(grant, given) === undefined;
}

/** Enough to satisfy whatever conditions of one sort over these vocabularies can be satisfied. */
const witnesses: readonly Asked[] = [
  ...['.', 'src', 'src2', 'src/a', 'src/a/b', 'docs', '', '..', 'src/../docs', '/src', './src'],
  ...['src/', ...['a.b', 'x.a.b', 'y.x.a.b', 'b', 'xa.b', '127.0.0.1'].map(urlOf), -3],
  ...['a.b', 'x.a.b', 'y.x.a.b', 'b', 'xa.b', '127.0.0.1'].map((of) => `${of}:8080`),
].flatMap((path): Asked[] =>
  ['git', 'npm', 'node', 'test'].flatMap((name) =>
    manifests.map((of) => ({ args: { path }, programs: [name], hosts: [], manifest: of })),
  ),
);

/** Terms below terms below terms: by attenuation, so that coverage is not a rarity. */
const descent = fc.tuple(terms, terms, terms).map(([top, ask, askAgain]) => {
  const roomy = { ...top, delegation: { depth: 3, children: 3 } };
  const middle = attenuate(roomy, { ...ask, delegation: { depth: 2, children: 3 } });
  const low = middle.ok ? attenuate(middle.value, askAgain) : middle;
  return { top: roomy, middle, low };
});

describe('laws of writs', () => {
  it('whatever is asked, a child is covered by its parent, in every component', () => {
    fc.assert(
      fc.property(terms, terms, (parent, request) => {
        const child = attenuate(parent, request);
        if (!child.ok) return;
        expect(checkEdge(parent, child.value)).toBeUndefined();
        expect(covers(request, child.value)).toBeUndefined();
        expect(readTerms(child.value).ok).toBe(true);
      }),
      cases(1_000),
    );
  });

  it('what a covered child admits, its parent admits', () => {
    const pair = fc.oneof(
      fc.tuple(terms, terms),
      fc.tuple(terms, terms).map(([parent, request]): [Terms, Terms] => {
        const child = attenuate(parent, request);
        return [parent, child.ok ? child.value : parent];
      }),
    );
    const capability = fc.constantFrom('fs.read', 'fs.write', 'shell.run');
    fc.assert(
      fc.property(pair, capability, asked, ([parent, child], name, given) => {
        if (covers(parent, child) !== undefined) return;
        if (admits(child, name, given)) expect(admits(parent, name, given)).toBe(true);
      }),
      cases(5_000),
    );
  });

  it('an implied predicate holds wherever the implying one does', () => {
    fc.assert(
      fc.property(predicate, predicate, asked, (narrow, wide, given) => {
        if (!implies(narrow, wide) || !predicateHolds(narrow, given)) return;
        expect(predicateHolds(wide, given)).toBe(true);
      }),
      cases(20_000),
    );
  });

  it('a child admits exactly what both its parent and the request admit', () => {
    const capability = fc.constantFrom('fs.read', 'fs.write', 'shell.run');
    fc.assert(
      fc.property(terms, terms, capability, asked, (parent, request, name, given) => {
        const child = attenuate(parent, request);
        if (!child.ok) return;
        const both = admits(parent, name, given) && admits(request, name, given);
        expect(admits(child.value, name, given)).toBe(both);
      }),
      cases(2_000),
    );
  });

  it('conditions of which it is said that nothing satisfies them are satisfied by nothing', () => {
    fc.assert(
      fc.property(fc.array(predicate, { maxLength: 4 }), asked, (where, given) => {
        if (contradiction(where) === undefined) return;
        expect(unmetPredicate({ capability: 'x', where }, given)).toBeDefined();
      }),
      cases(20_000),
    );
  });

  it('of conditions of one sort on one argument, those that nothing satisfies are all told', () => {
    const kinds = [
      'is',
      'in',
      'under',
      'at-most',
      'host-in',
      'hosts-in',
      'programs-in',
      'manifest-in',
    ];
    const ofOne = fc
      .tuple(fc.constantFrom(...kinds), fc.array(predicate, { minLength: 1, maxLength: 8 }))
      .map(([kind, all]) =>
        all.filter((each) => each.op === kind && (!('arg' in each) || each.arg === 'path')),
      );
    fc.assert(
      fc.property(ofOne, (where) => {
        if (where.length === 0) return;
        const witness = witnesses.some(
          (given) => unmetPredicate({ capability: 'x', where }, given) === undefined,
        );
        expect(contradiction(where) === undefined).toBe(witness);
      }),
      cases(5_000),
    );
  });

  it('terms cover themselves', () => {
    fc.assert(
      fc.property(terms, (any) => {
        expect(covers(any, any)).toBeUndefined();
      }),
      cases(100),
    );
  });

  it('coverage carries over generations', () => {
    fc.assert(
      fc.property(descent, terms, ({ top, middle, low }, other) => {
        if (!middle.ok) return;
        const below = low.ok ? low.value : other;
        if (covers(middle.value, below) !== undefined) return;
        expect(covers(top, below)).toBeUndefined();
      }),
      cases(1_000),
    );
  });

  it('predicates that imply carry over', () => {
    fc.assert(
      fc.property(predicate, predicate, predicate, (a, b, c) => {
        if (implies(a, b) && implies(b, c)) expect(implies(a, c)).toBe(true);
      }),
      cases(20_000),
    );
  });

  it('asking twice gives what asking once gave', () => {
    fc.assert(
      fc.property(terms, terms, (parent, request) => {
        const once = attenuate(parent, request);
        if (once.ok) expect(attenuate(parent, once.value)).toEqual(once);
      }),
      cases(100),
    );
  });

  it('terms that are wider in a single component are refused', () => {
    const widenings: readonly ((child: Terms) => Terms)[] = [
      (child) => ({ ...child, grants: [...child.grants, { capability: 'z', where: [] }] }),
      ...dimensions.map((name) => (child: Terms) => ({
        ...child,
        budget: { ...child.budget, [name]: 5 },
      })),
      (child) => ({ ...child, window: { ...child.window, notAfter: 41 } }),
      (child) => ({ ...child, window: { ...child.window, notBefore: -1 } }),
      (child) => ({ ...child, delegation: { ...child.delegation, depth: 4 } }),
      (child) => ({ ...child, delegation: { ...child.delegation, children: 4 } }),
    ];
    fc.assert(
      fc.property(terms, terms, fc.constantFrom(...widenings), (parent, request, widen) => {
        const child = attenuate(parent, request);
        if (!child.ok) return;
        expect(covers(parent, widen(child.value))?.code).toBe('writ.widened');
      }),
      cases(100),
    );
  });

  it('a grant that loses a condition which another does not imply is refused', () => {
    fc.assert(
      fc.property(terms, terms, (parent, request) => {
        const child = attenuate(parent, request);
        if (!child.ok) return;
        for (const grant of parent.grants) {
          const bare = { ...child.value, grants: [{ ...grant, where: [] }] };
          const expected = grant.where.length === 0 ? undefined : 'writ.widened';
          expect(covers(parent, bare)?.code).toBe(expected);
        }
      }),
      cases(100),
    );
  });

  it('an effect that is not permitted above is refused', () => {
    fc.assert(
      fc.property(terms, terms, fc.constantFrom(...effects), (parent, request, effect) => {
        const child = attenuate(parent, request);
        if (!child.ok) return;
        const more = { ...child.value, effects: [effect] };
        const permitted = effect === 'pure' || parent.effects.includes(effect);
        expect(covers(parent, more)?.code).toBe(permitted ? undefined : 'writ.widened');
      }),
      cases(100),
    );
  });
});
