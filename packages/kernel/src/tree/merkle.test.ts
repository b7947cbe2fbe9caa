import { leavesOf, nodesOf, refusalOf, valueOf } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { bytesOfHex, leafDigest } from '../encoding/index.ts';
import { proveConsistency, verifyConsistency } from './consistency.ts';
import { emptyFrontier, grow, resumeFrontier, rootOf } from './frontier.ts';
import { nodeDigest } from './hash.ts';
import { proveInclusion, verifyInclusion } from './inclusion.ts';

/** Test inputs of the reference implementation of Certificate Transparency. */
const inputs = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const leaves = inputs.map((hex) => leafDigest(String.fromCharCode(...bytesOfHex(hex))));
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the test inputs of Certificate Transparency (RFC 6962)', () => {
  test.each(roots.map((root, size) => ({ root, size })))(
    '$size leaves have the root $root',
    (of) => {
      expect(rootOf(grow(emptyFrontier, leaves.slice(0, of.size)))).toBe(of.root);
    },
  );

  test.each([
    {
      index: 0,
      path: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      index: 5,
      path: [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
  ])('leaf $index of 8 has the published path', ({ index, path }) => {
    expect(valueOf(proveInclusion(nodesOf(leaves), index, 8))).toEqual({
      type: 'inclusion',
      index,
      size: 8,
      path,
    });
  });

  test.each([
    { from: 1, to: 1, path: [] },
    {
      from: 1,
      to: 8,
      path: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      from: 6,
      to: 8,
      path: [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
    {
      from: 2,
      to: 5,
      path: [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    },
  ])(
    'the tree of $to grows out of the tree of $from by the published path',
    ({ from, to, path }) => {
      const proof = valueOf(proveConsistency(nodesOf(leaves), from, to));
      expect(proof).toEqual({ type: 'consistency', from, to, path });
      expect(verifyConsistency(proof, roots[from] ?? '', roots[to] ?? '')).toBeUndefined();
    },
  );
});

describe('a proof of inclusion', () => {
  const many = leavesOf(7);
  const root = rootOf(grow(emptyFrontier, many));
  const proof = valueOf(proveInclusion(nodesOf(many), 4, 7));
  const leaf = many[4] ?? '';

  test('of the only leaf is empty, and holds for that leaf alone', () => {
    const alone = valueOf(proveInclusion(nodesOf([leaf]), 0, 1));
    expect(alone.path).toEqual([]);
    expect(verifyInclusion(alone, leaf, leaf)).toBeUndefined();
    expect(verifyInclusion(alone, root, leaf)?.code).toBe('proof.invalid');
  });

  test.each([
    ['with the index of another leaf', { ...proof, index: 5 }],
    ['with an index outside the tree', { ...proof, index: 7 }],
    ['with a negative index', { ...proof, index: -1 }],
    ['with a fraction for an index', { ...proof, index: 0.5 }],
    ['for a tree of none', { ...proof, index: 0, size: 0 }],
    ['with a smaller size', { ...proof, size: 5 }],
    ['with a much larger size', { ...proof, size: 70 }],
    ['without a path', { ...proof, path: [] }],
    ['without the last step', { ...proof, path: proof.path.slice(0, -1) }],
    ['without the first step', { ...proof, path: proof.path.slice(1) }],
    ['with a step more', { ...proof, path: [...proof.path, root] }],
    ['with its steps in another order', { ...proof, path: proof.path.toReversed() }],
    ['with what is not a digest', { ...proof, path: proof.path.map((hex) => hex.toUpperCase()) }],
  ])('%s does not hold', (_what, changed) => {
    expect(verifyInclusion(changed, leaf, root)?.code).toBe('proof.invalid');
  });

  test('cannot pass off an inner node as a leaf', () => {
    const inner = nodeDigest(many[4] ?? '', many[5] ?? '');
    const shorter = { ...proof, index: 2, size: 4, path: proof.path.slice(1) };
    expect(verifyInclusion(shorter, inner, root)).toBeUndefined();
    expect(verifyInclusion({ ...shorter, size: 7 }, inner, root)?.code).toBe('proof.invalid');
  });

  test('cannot pass off a part of the tree as a smaller tree', () => {
    const of8 = valueOf(proveInclusion(nodesOf(leavesOf(8)), 7, 8));
    const root8 = rootOf(grow(emptyFrontier, leavesOf(8)));
    const last = leavesOf(8)[7] ?? '';
    expect(verifyInclusion(of8, last, root8)).toBeUndefined();
    expect(verifyInclusion({ ...of8, index: 3, size: 4 }, last, root8)?.code).toBe('proof.invalid');
    expect(verifyInclusion({ ...of8, index: 0, size: 1 }, last, root8)?.code).toBe('proof.invalid');
  });

  test('has one text only: a letter that is no digit does not stand for a zero', () => {
    const path = proof.path.map((digest) => digest.replace('0', 'g'));
    expect(path).not.toEqual(proof.path);
    expect(verifyInclusion({ ...proof, path }, leaf, root)?.code).toBe('proof.invalid');
  });

  test.each([
    [7, 7],
    [-1, 7],
    [0, 0],
    [0.5, 7],
    [0, Number.NaN],
  ])('is not made for leaf %d of %d', (index, size) => {
    expect(refusalOf(proveInclusion(nodesOf(many), index, size)).code).toBe('proof.unavailable');
  });
});

describe('a proof of consistency', () => {
  const many = leavesOf(7);
  const rootAt = (size: number) => rootOf(grow(emptyFrontier, many.slice(0, size)));
  const proof = valueOf(proveConsistency(nodesOf(many), 3, 7));

  test('from the empty tree is empty, and asks that the old root be that of nothing', () => {
    const begun = valueOf(proveConsistency(nodesOf(many), 0, 7));
    expect(begun.path).toEqual([]);
    expect(verifyConsistency(begun, rootAt(0), rootAt(7))).toBeUndefined();
    expect(verifyConsistency(begun, rootAt(1), rootAt(7))?.code).toBe('proof.invalid');
  });

  test('of a tree with itself is empty, and asks that the roots be one', () => {
    const same = { type: 'consistency', from: 7, to: 7, path: [] } as const;
    expect(verifyConsistency(same, rootAt(7), rootAt(7))).toBeUndefined();
    expect(verifyConsistency(same, rootAt(6), rootAt(7))?.code).toBe('proof.invalid');
    const padded = { ...same, path: [rootAt(7)] };
    expect(verifyConsistency(padded, rootAt(7), rootAt(7))?.code).toBe('proof.invalid');
  });

  test.each([
    ['with another old size', { ...proof, from: 5 }],
    ['with another new size', { ...proof, to: 9 }],
    ['with sizes in the wrong order', { ...proof, from: 7, to: 3 }],
    ['with a size below zero', { ...proof, from: -3 }],
    ['with a fraction for a size', { ...proof, to: 7.5 }],
    ['without a path', { ...proof, path: [] }],
    ['without the last step', { ...proof, path: proof.path.slice(0, -1) }],
    ['without the first step', { ...proof, path: proof.path.slice(1) }],
    ['with a step more', { ...proof, path: [...proof.path, rootAt(7)] }],
    ['with what is not a digest', { ...proof, path: proof.path.map(() => 'x') }],
  ])('%s does not hold', (_what, changed) => {
    expect(verifyConsistency(changed, rootAt(3), rootAt(7))?.code).toBe('proof.invalid');
  });

  test('cannot pass off the right part of two trees as the trees', () => {
    const whole = leavesOf(8);
    const right = valueOf(proveConsistency(nodesOf(whole.slice(4)), 3, 4));
    const left = rootOf(grow(emptyFrontier, whole.slice(0, 4)));
    const under = (count: number) =>
      nodeDigest(left, rootOf(grow(emptyFrontier, whole.slice(4, 4 + count))));
    const longer = { ...right, path: [...right.path, left] };
    expect(verifyConsistency({ ...longer, from: 7, to: 8 }, under(3), under(4))).toBeUndefined();
    expect(verifyConsistency(longer, under(3), under(4))?.code).toBe('proof.invalid');
  });

  test('has one text only: a letter that is no digit does not stand for a zero', () => {
    const path = proof.path.map((digest) => digest.replace('0', 'g'));
    expect(path).not.toEqual(proof.path);
    expect(verifyConsistency({ ...proof, path }, rootAt(3), rootAt(7))?.code).toBe('proof.invalid');
  });

  test.each([
    [8, 7],
    [-1, 7],
    [1, 7.5],
  ])('is not made from %d to %d', (from, to) => {
    expect(refusalOf(proveConsistency(nodesOf(many), from, to)).code).toBe('proof.unavailable');
  });
});

describe('a frontier', () => {
  test('is taken up again from its size and peaks', () => {
    const kept = grow(emptyFrontier, leavesOf(11));
    expect(valueOf(resumeFrontier(kept.size, kept.peaks))).toEqual(kept);
  });

  test.each([
    ['fewer peaks than its size has', 7, leavesOf(2)],
    ['more peaks than its size has', 8, leavesOf(2)],
    ['what is not a digest', 1, ['00']],
    ['a size that is no count', -1, []],
  ])('with %s is refused', (_what, size, peaks) => {
    expect(refusalOf(resumeFrontier(size, peaks)).code).toBe('tile.invalid');
  });
});
