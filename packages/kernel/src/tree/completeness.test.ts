import {
  leavesOf,
  ledgerFixture,
  nodesOf,
  refusalOf,
  someDigest,
  valueOf,
  writeRun,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { SealedEntry } from '../ledger/index.ts';
import { type Checkpoint, originOf } from './checkpoint.ts';
import { checkCompleteness, type StreamClaim } from './completeness.ts';
import { emptyFrontier, grow, rootOf } from './frontier.ts';
import { emptyHeadsMap, withHeads } from './heads-map.ts';
import { proveHead } from './heads-proof.ts';
import { proveInclusion } from './inclusion.ts';

const on = ledgerFixture();
writeRun(on);
const { entries, heads } = on.recorder;
const digests = entries.map(({ digest }) => digest);
const map = withHeads(
  emptyHeadsMap,
  [...heads].map(([stream, head]) => ({ stream, head })),
);
const checkpoint: Checkpoint = {
  origin: originOf(on.ledger),
  size: digests.length,
  root: rootOf(grow(emptyFrontier, digests)),
  heads: map.digest,
};

const entriesOf = (stream: string) => entries.filter(({ entry }) => entry.stream === stream);
const run = entriesOf('run:r1');
const last = run.length - 1;

function open(stream: string, changes: Partial<StreamClaim> = {}): StreamClaim {
  const proof = proveHead(map, stream);
  const of = { ledger: on.ledger, stream, entries: entriesOf(stream), proof, checkpoint };
  return { ...of, ...changes };
}

const closing = valueOf(
  proveInclusion(
    nodesOf(digests),
    digests.findIndex((digest) => digest === run[last]?.digest),
    digests.length,
  ),
);

describe('the entries of an open stream', () => {
  test.each([...heads.keys()])('%s are complete as of the checkpoint', (stream) => {
    expect(valueOf(checkCompleteness(open(stream)))).toBe('open');
  });

  test('that does not exist are none', () => {
    expect(valueOf(checkCompleteness(open('run:nobody')))).toBe('open');
  });

  const without = (from: number, to = from): readonly SealedEntry[] =>
    run.filter((_, seq) => seq < from || seq > to);
  test.each([
    ['at the beginning', without(0), 0, 0],
    ['in between', without(3, 5), 3, 5],
    ['at the end', without(last - 1, last), last - 1, last],
    ['altogether', [], 0, last],
  ])('that are missing %s are named', (_where, some, from, to) => {
    expect(refusalOf(checkCompleteness(open('run:r1', { entries: some })))).toMatchObject({
      code: 'stream.incomplete',
      details: { stream: 'run:r1', from, to },
    });
  });

  const twice = [...run.slice(0, 2), ...run.slice(1)];
  const relinked = run.map((sealed, seq) =>
    seq === 2 ? { ...sealed, digest: on.ledger } : sealed,
  );
  const forged = run.map((sealed, seq) =>
    seq === last ? { ...sealed, digest: someDigest('forged') } : sealed,
  );
  const short = ledgerFixture();
  test.each([
    ['that come twice', { entries: twice }],
    ['that do not follow one another', { entries: relinked }],
    ['of which the last is another', { entries: forged }],
    ['of another stream', { entries: entriesOf('ledger') }],
    ['of another ledger', { ledger: someDigest('another') }],
    ['with the head of another stream', { proof: proveHead(map, 'ledger') }],
    ['that the map does not know', { proof: proveHead(emptyHeadsMap, 'run:r1') }],
    ['under a checkpoint that tells no heads', { checkpoint: { ...checkpoint, heads: undefined } }],
  ])('%s are refused', (_what, changes) => {
    expect(refusalOf(checkCompleteness(open('run:r1', changes))).code).toBe('proof.invalid');
  });

  test('are not none because another stream has none', () => {
    const proof = proveHead(map, 'run:nobody');
    const refusal = refusalOf(checkCompleteness(open('run:r1', { entries: [], proof })));
    expect(refusal.code).toBe('proof.invalid');
  });

  test('that go beyond the checkpoint are refused: it does not speak of them', () => {
    const earlier = withHeads(
      emptyHeadsMap,
      [...short.recorder.heads].map(([stream, head]) => ({ stream, head })),
    );
    const before = { ...checkpoint, heads: earlier.digest };
    const proof = proveHead(earlier, 'run:r1');
    const refusal = refusalOf(checkCompleteness(open('run:r1', { proof, checkpoint: before })));
    expect(refusal.message).toContain('had 0 entries at the checkpoint');
  });
});

describe('the entries of a run that has finished', () => {
  const closed = (changes: Partial<StreamClaim> = {}) =>
    checkCompleteness(open('run:r1', { proof: closing, ...changes }));

  test('are complete for good, by the inclusion of the closing one', () => {
    expect(valueOf(closed())).toBe('closed');
    expect(valueOf(closed({ checkpoint: { ...checkpoint, heads: undefined } }))).toBe('closed');
  });

  test.each([
    ['without the closing one', { entries: run.slice(0, -1) }],
    ['when there are none', { entries: [] }],
    ['in a tree of another root', { checkpoint: { ...checkpoint, root: digests[0] ?? '' } }],
    ['in a tree of another size', { checkpoint: { ...checkpoint, size: digests.length + 1 } }],
    ['by the inclusion of another entry', { proof: { ...closing, index: closing.index - 1 } }],
    ['by a path of other hashes', { proof: { ...closing, path: leavesOf(closing.path.length) } }],
  ])('are not shown to be so %s', (_what, changes) => {
    expect(refusalOf(closed(changes)).code).toBe('proof.invalid');
  });

  test('of which one in between is missing are not complete', () => {
    const some = run.filter((_, seq) => seq !== 4);
    expect(refusalOf(closed({ entries: some })).code).toBe('stream.incomplete');
  });

  test('say nothing of other streams: a resolved approval may be asked for again', () => {
    const stream = [...heads.keys()].find((name) => name.startsWith('approval:')) ?? '';
    const resolved = entriesOf(stream);
    expect(resolved.at(-1)?.entry.kind).toBe('approval.resolved');
    const index = digests.findIndex((digest) => digest === resolved.at(-1)?.digest);
    const proof = valueOf(proveInclusion(nodesOf(digests), index, digests.length));
    expect(refusalOf(checkCompleteness(open(stream, { proof }))).code).toBe('proof.invalid');
  });
});
