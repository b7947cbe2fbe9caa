import { leavesOf, nodesOf, refusalOf, someDigest, valueOf } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { proveConsistency } from './consistency.ts';
import { emptyHeadsMap, withHeads } from './heads-map.ts';
import { proveHead } from './heads-proof.ts';
import { proveInclusion } from './inclusion.ts';
import { parseProof, proofText } from './proof-json.ts';

const nodes = nodesOf(leavesOf(7));
const inclusion = valueOf(proveInclusion(nodes, 4, 7));
const consistency = valueOf(proveConsistency(nodes, 3, 7));
const map = withHeads(emptyHeadsMap, [
  { stream: 'run:a', head: { seq: 3, digest: someDigest('a') } },
]);
const head = proveHead(map, 'run:a');
const absent = proveHead(emptyHeadsMap, 'run:b');

describe('a proof as JSON', () => {
  test.each([
    ['of inclusion', inclusion],
    ['of consistency', consistency],
    ['of a head', head],
    ['that a stream is not there', absent],
  ])('%s is read as it was written', (_what, proof) => {
    expect(valueOf(parseProof(proofText(proof)))).toEqual(proof);
  });

  test('is written in canonical form', () => {
    expect(proofText(absent)).toBe('{"found":null,"path":[],"stream":"run:b","type":"head"}');
  });

  test.each([
    ['nothing', ''],
    ['no object', '[]'],
    ['no type', JSON.stringify({ ...inclusion, type: undefined })],
    ['an unknown type', JSON.stringify({ ...inclusion, type: 'toString' })],
    ['the type of another', JSON.stringify({ ...inclusion, type: 'consistency' })],
    ['a member too many', JSON.stringify({ ...inclusion, extra: 1 })],
    ['a member twice', `{"index":4,${proofText(inclusion).slice(1)}`],
    ['a member too few', JSON.stringify({ ...inclusion, size: undefined })],
    ['an index below zero', JSON.stringify({ ...inclusion, index: -1 })],
    ['a fraction', JSON.stringify({ ...inclusion, index: 0.5 })],
    ['a path that is no list', JSON.stringify({ ...inclusion, path: 'x' })],
    ['capital digits', JSON.stringify({ ...inclusion, path: ['A'.repeat(64)] })],
    ['a path too long', JSON.stringify({ ...inclusion, path: leavesOf(65) })],
    ['a longer way than a key', JSON.stringify({ ...head, path: leavesOf(257) })],
    ['no word of what was found', JSON.stringify({ ...head, found: undefined })],
    ['a head without seq', JSON.stringify({ ...head, found: { key: head.found?.key, head: {} } })],
    ['a stream that is no text', JSON.stringify({ ...head, stream: 7 })],
  ])('with %s is refused', (_what, text) => {
    expect(refusalOf(parseProof(text)).code).toBe('proof.invalid');
  });
});
