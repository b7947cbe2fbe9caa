import { describe, expect, it } from 'vitest';
import { genesis, headAfter, ledgerHead, ledgerId, turns } from '@chancery/testkit/store-suite';
import { done } from '../refusal/index.ts';
import { findConflict, headsAfter } from './continuity.ts';

const batch = turns('run:a', null, 2);
const head = headAfter(batch, 'run:a') ?? ledgerHead;
const next = turns('run:a', head, 1);

describe('the heads that a batch relies on', () => {
  it('are in conflict when one has moved, a written one before a read one', () => {
    const relied = { ...next, reads: [{ stream: 'policy', head: ledgerHead }] };
    expect(findConflict(relied, () => null)).toEqual({
      stream: 'run:a',
      expected: head,
      actual: null,
    });
    const heads = (stream: string) => (stream === 'run:a' ? head : null);
    expect(findConflict(relied, heads)).toEqual({
      stream: 'policy',
      expected: ledgerHead,
      actual: null,
    });
    expect(findConflict(next, heads)).toBeUndefined();
  });

  it('are in conflict when the place is the same and the entry another', () => {
    const forked = { seq: head.seq, digest: 'f'.repeat(64) };
    expect(findConflict(next, () => forked)?.actual).toEqual(forked);
  });
});

describe('the heads after a batch', () => {
  it('are those of its last entries', () => {
    expect(headsAfter(genesis, null)).toEqual(done(new Map([['ledger', ledgerHead]])));
    expect(headsAfter(batch, ledgerId)).toEqual(done(new Map([['run:a', head]])));
  });

  it.each([
    ['begins in another ledger', batch, 'f'.repeat(64)],
    ['begins in no ledger', batch, null],
    ['founds a ledger that is founded', genesis, ledgerId],
    ['leaves an entry out', { ...batch, entries: batch.entries.slice(1) }, ledgerId],
    ['gives an entry twice', { ...batch, entries: [...batch.entries, ...batch.entries] }, ledgerId],
    [
      'names a stream that it does not write',
      { ...batch, writes: [...batch.writes, ...genesis.writes] },
      ledgerId,
    ],
    ['writes a stream that it does not name', { ...batch, writes: [] }, ledgerId],
    ['is empty', { ...batch, entries: [], writes: [] }, ledgerId],
  ])('are none when it %s', (_, wrong, ledger) => {
    expect(headsAfter(wrong, ledger)).toMatchObject({ refusal: { code: 'entry.invalid' } });
  });
});
