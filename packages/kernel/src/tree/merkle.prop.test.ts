import { leavesOf, nodesOf, valueOf, withChangedDigit } from '@chancery/testkit/builders';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { Digest } from '../encoding/index.ts';
import { proveConsistency, verifyConsistency } from './consistency.ts';
import { emptyFrontier, grow, rootOf } from './frontier.ts';
import { emptyRoot, nodeDigest } from './hash.ts';
import { proveInclusion, verifyInclusion } from './inclusion.ts';
import { splitOf } from './range.ts';

const most = 40;
const leaves = leavesOf(most);
const nodes = nodesOf(leaves);
const roots = Array.from({ length: most + 1 }, (_, size) => defined(leaves.slice(0, size)));

/** MTH, word by word as RFC 6962 defines it. */
function defined(of: readonly Digest[]): Digest {
  const [first = emptyRoot] = of;
  if (of.length < 2) return first;
  const middle = splitOf(of.length);
  return nodeDigest(defined(of.slice(0, middle)), defined(of.slice(middle)));
}

describe('a tree of any size', () => {
  test('has the root that RFC 6962 defines, however its leaves came', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 }), { maxLength: 8 }), (widths) => {
        let frontier = emptyFrontier;
        for (const width of widths) {
          const { size } = frontier;
          frontier = grow(frontier, leaves.slice(size, size + width));
        }
        expect(rootOf(frontier)).toBe(roots[frontier.size]);
      }),
      cases(100),
    );
  });

  test('includes each of its leaves, and no other in its place', () => {
    for (let size = 1; size <= most; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = valueOf(proveInclusion(nodes, index, size));
        const root = roots[size] ?? '';
        expect(verifyInclusion(proof, leaves[index] ?? '', root)).toBeUndefined();
        const other = leaves[(index + 1) % most] ?? '';
        expect(verifyInclusion(proof, other, root)?.code).toBe('proof.invalid');
      }
    }
  });

  test('grows out of each smaller one', () => {
    for (let to = 0; to <= most; to += 1) {
      for (let from = 0; from <= to; from += 1) {
        const proof = valueOf(proveConsistency(nodes, from, to));
        expect(verifyConsistency(proof, roots[from] ?? '', roots[to] ?? '')).toBeUndefined();
      }
    }
  });
});

describe('a single changed digit', () => {
  const sized = fc
    .integer({ min: 1, max: most })
    .chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 }), fc.nat(), fc.nat()));

  test('spoils a proof of inclusion, its leaf or its root', () => {
    fc.assert(
      fc.property(sized, ([size, index, which, digit]) => {
        const proof = valueOf(proveInclusion(nodes, index, size));
        const all = [leaves[index] ?? '', roots[size] ?? '', ...proof.path];
        const [leaf = '', root = '', ...path] = withChangedDigit(all, which, digit);
        expect(verifyInclusion({ ...proof, path }, leaf, root)?.code).toBe('proof.invalid');
      }),
      cases(100),
    );
  });

  test('spoils a proof of consistency or a root of it', () => {
    fc.assert(
      fc.property(sized, ([to, before, which, digit]) => {
        const from = before + 1;
        const proof = valueOf(proveConsistency(nodes, from, to));
        const all = [roots[from] ?? '', roots[to] ?? '', ...proof.path];
        const [old = '', grown = '', ...path] = withChangedDigit(all, which, digit);
        expect(verifyConsistency({ ...proof, path }, old, grown)?.code).toBe('proof.invalid');
      }),
      cases(100),
    );
  });
});

test('a place above 2^32 is proved and verified as well as a small one', () => {
  const size = 2 ** 45 + 3;
  const same = leaves[0] ?? '';
  const levels = [same];
  for (let level = 0; level < 45; level += 1) {
    const below = levels[level] ?? '';
    levels.push(nodeDigest(below, below));
  }
  const read = (level: number) => ({ ok: true, value: levels[level] ?? '' }) as const;
  const root = nodeDigest(levels[45] ?? '', nodeDigest(levels[1] ?? '', same));
  for (const index of [0, 2 ** 33 + 1, 2 ** 45 - 1, 2 ** 45, size - 1]) {
    const proof = valueOf(proveInclusion(read, index, size));
    expect(verifyInclusion(proof, same, root)).toBeUndefined();
  }
  const grown = valueOf(proveConsistency(read, 2 ** 45, size));
  expect(verifyConsistency(grown, levels[45] ?? '', root)).toBeUndefined();
});
