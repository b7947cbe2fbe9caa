import type { Digest } from '@chancery/kernel/encoding';
import {
  proveConsistency,
  proveInclusion,
  type ConsistencyProof,
  type InclusionProof,
} from '@chancery/kernel/tree';
import { leavesOf, nodesOf, valueOf } from '@chancery/testkit/builders';
import { altered, rootAt } from './tree.ts';

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 13, 255, 256, 257, 300];
const places = [
  [0, 1],
  [0, 2],
  [1, 2],
  [2, 3],
  [4, 7],
  [6, 7],
  [12, 13],
  [255, 300],
  [299, 300],
] as const;
const growths = [
  [0, 0],
  [0, 5],
  [1, 1],
  [1, 2],
  [2, 5],
  [3, 7],
  [4, 8],
  [6, 8],
  [256, 300],
  [257, 300],
] as const;

export function merkleVectors(): object {
  return {
    about: 'RFC 6962 trees over the leaves "leaf 0", "leaf 1" … (UTF-8)',
    roots: sizes.map((size) => ({ size, root: rootAt(size) })),
    inclusion: places.flatMap(([index, size]) => inclusionCases(index, size)),
    consistency: growths.flatMap(([from, to]) => consistencyCases(from, to)),
  };
}

function inclusionCases(index: number, size: number): readonly object[] {
  const proof = valueOf(proveInclusion(nodesOf(leavesOf(size)), index, size));
  const [leaf, root] = [leavesOf(size)[index] ?? '', rootAt(size)];
  const of = (title: string, valid: boolean, changed: InclusionProof, under: Digest = root) => ({
    title,
    valid,
    leaf,
    root: under,
    proof: changed,
  });
  const { path } = proof;
  return [
    of(`leaf ${index} of ${size}`, true, proof),
    of(`leaf ${index} of ${size}, another root`, false, proof, altered(root)),
    of(`leaf ${index} of ${size}, a step more`, false, { ...proof, path: [...path, root] }),
    of(`leaf ${index} of ${size}, at the end`, false, { ...proof, index: size }),
    ...(path.length === 0
      ? []
      : [
          of(`leaf ${index} of ${size}, a step less`, false, { ...proof, path: path.slice(1) }),
          of(`leaf ${index} of ${size}, another first step`, false, {
            ...proof,
            path: path.map((digest, step) => (step === 0 ? altered(digest) : digest)),
          }),
          of(`leaf ${index} of ${size}, its neighbour`, false, {
            ...proof,
            index: index === 0 ? 1 : index - 1,
          }),
        ]),
  ];
}

function consistencyCases(from: number, to: number): readonly object[] {
  const proof = valueOf(proveConsistency(nodesOf(leavesOf(to)), from, to));
  const [oldRoot, newRoot] = [rootAt(from), rootAt(to)];
  const of = (title: string, valid: boolean, changed: Partial<ConsistencyProof>) => ({
    title: `${from} to ${to}${title}`,
    valid,
    oldRoot,
    newRoot,
    proof: { ...proof, ...changed },
  });
  const { path } = proof;
  return [
    of('', true, {}),
    of(', a step more', false, { path: [...path, newRoot] }),
    { ...of(', another old root', false, {}), oldRoot: altered(oldRoot) },
    ...(path.length === 0
      ? []
      : [
          { ...of(', another new root', false, {}), newRoot: altered(newRoot) },
          of(', a step less', false, { path: path.slice(1) }),
          of(', another last step', false, {
            path: path.map((digest, step) => (step + 1 === path.length ? altered(digest) : digest)),
          }),
        ]),
  ];
}
