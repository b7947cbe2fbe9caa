import { ledgerFixture } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { BatchMark, SealedEntry } from '../ledger/index.ts';
import { assert } from '../refusal/index.ts';
import { Findings } from './finding.ts';
import { OrderCheck } from './order-check.ts';

const [genesis] = ledgerFixture().recorder.entries;

function marked(batch: BatchMark): SealedEntry {
  assert(genesis !== undefined, 'a ledger has a genesis');
  return { ...genesis, entry: { ...genesis.entry, batch } };
}

/** Positions at which entries with these batch marks are told; null stands for one not readable. */
function toldAt(marks: readonly (BatchMark | null)[]): readonly number[] {
  const findings = new Findings();
  const order = new OrderCheck(findings);
  for (const [position, mark] of marks.entries()) {
    const place = { stream: 'ledger', seq: position, position };
    order.arrive(place);
    if (mark === null) order.skip();
    else order.take(place, marked(mark));
  }
  order.finish();
  return findings.sorted().map(({ position }) => position);
}

const mark = (id: string, index: number, size: number): BatchMark => ({ id, index, size });

describe('batches', () => {
  test.each<readonly [string, readonly (BatchMark | null)[], readonly number[]]>([
    ['whole', [mark('a', 0, 2), mark('a', 1, 2), mark('b', 0, 1)], []],
    ['without a first member', [mark('a', 1, 2)], [0]],
    ['without a last member, at the end', [mark('a', 0, 2)], [0]],
    ['without a last member, before the next', [mark('a', 0, 2), mark('b', 0, 1)], [1]],
    ['with a member missing', [mark('a', 0, 3), mark('a', 2, 3)], [1]],
    ['with a member of another batch', [mark('a', 0, 2), mark('b', 1, 2)], [1]],
    ['that grow', [mark('a', 0, 2), mark('a', 1, 3), mark('a', 2, 3)], [1]],
    ['of no size', [mark('a', 0, 0)], [0, 0]],
    ['with a member that is not readable', [mark('a', 0, 3), null, mark('a', 2, 3)], []],
    ['whose last member is not readable', [mark('a', 0, 2), null], []],
  ])('%s', (_what, marks, told) => {
    expect(toldAt(marks)).toEqual(told);
  });
});

describe('positions', () => {
  test('have no gap', () => {
    const findings = new Findings();
    const order = new OrderCheck(findings);
    for (const position of [0, 2, 3]) order.arrive({ stream: 'ledger', seq: 0, position });
    expect(findings.sorted()).toEqual([
      {
        severity: 'tampered',
        code: 'ledger.gap',
        stream: 'ledger',
        seq: 0,
        position: 2,
        message: 'position 1 is expected here',
      },
    ]);
  });
});
