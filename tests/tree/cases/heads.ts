import { bytesDigest, type Digest } from '@chancery/kernel/encoding';
import type { StreamHead } from '@chancery/kernel/ledger';
import {
  emptyHeadsMap,
  proveHead,
  withHeads,
  type HeadProof,
  type HeadsMap,
} from '@chancery/kernel/tree';
import { altered } from './tree.ts';

const batches: readonly (readonly (readonly [string, number])[])[] = [
  [],
  [['ledger', 0]],
  [
    ['ledger', 4],
    ['policy', 0],
    ['run:é', 7],
  ],
  Array.from({ length: 20 }, (_, index) => [`run:${index}`, index] as const),
];

export function headsVectors(): object {
  let map: HeadsMap = emptyHeadsMap;
  const steps = batches.map((batch) => {
    const heads = batch.map(([stream, seq]) => headAt(stream, seq));
    map = withHeads(map, heads);
    return { heads, root: map.digest };
  });
  return {
    about: 'maps of stream heads, each step upon the one before; proofs are of the last',
    steps,
    proofs: ['ledger', 'run:é', 'run:7', 'run:nobody', 'task:1', 'task:10', 'task:11', ''].flatMap(
      (stream) => proofCases(proveHead(map, stream), map.digest),
    ),
  };
}

function headAt(stream: string, seq: number): StreamHead {
  return { stream, head: { seq, digest: bytesDigest(`${stream}@${seq}`) } };
}

function proofCases(proof: HeadProof, root: Digest): readonly object[] {
  const { stream, found, path } = proof;
  const of = (title: string, valid: boolean, changes: Partial<HeadProof>) => ({
    title: `${JSON.stringify(stream)}${title}`,
    valid,
    root,
    proof: { ...proof, ...changes },
  });
  return [
    of('', true, {}),
    of(', of a neighbour', false, { stream: `${stream}x` }),
    of(', without a step', false, { path: path.slice(1) }),
    of(', another step', false, {
      path: path.map((digest, step) => (step === 0 ? altered(digest) : digest)),
    }),
    ...(found === null
      ? []
      : [
          of(', said to have nothing', false, { found: null }),
          of(', another seq', false, {
            found: { ...found, head: { ...found.head, seq: found.head.seq + 1 } },
          }),
        ]),
  ];
}
