import { ledgerFixture, people, someDigest, told, writeRun } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { Envelope, Signer } from '../encoding/index.ts';
import type { Draft } from '../ledger/index.ts';
import { blobListDigest, signErasure, signPruning, type Pruning } from './removal.ts';

const { agent, approver, legislator, root } = people;
const blobs = ['one', 'two'].map(someDigest);
const wrongly = 'removal.invalid at blob.pruned';

function pruning(list: readonly string[], envelope: Envelope): Draft {
  return { stream: 'ledger', kind: 'blob.pruned', body: { blobs: list, envelope } };
}

/** What is told of a ledger in which blobs were pruned, signed with these changes. */
function pruned(change: Partial<Pruning> = {}, signer: Signer = approver, author = signer) {
  const fixture = ledgerFixture();
  const { ledger, recorder } = fixture;
  const after = recorder.heads.get('ledger')?.digest ?? ledger;
  const asked = { ledger, after, blobs: blobListDigest(blobs), reason: 'old', ...change };
  recorder.writeBy(author.id, pruning(blobs, signPruning(asked, signer)));
  writeRun(fixture);
  return told(fixture);
}

function erased(signer: Signer, after?: string): readonly string[] {
  const fixture = ledgerFixture();
  const { ledger, recorder } = fixture;
  const upon = after ?? recorder.heads.get('ledger')?.digest ?? ledger;
  const envelope = signErasure({ ledger, after: upon, key: someDigest('k'), reason: '' }, signer);
  recorder.writeBy(signer.id, { stream: 'ledger', kind: 'subject.erased', body: { envelope } });
  return told(fixture);
}

describe('a removal', () => {
  test('is believed when a human has signed it for its place', () => {
    expect([pruned(), pruned({}, root), erased(approver), erased(root)]).toEqual([[], [], [], []]);
  });

  test('is not believed by another key, or for another place or list', () => {
    const other = someDigest('another');
    expect([
      pruned({}, agent),
      pruned({}, legislator),
      pruned({}, approver, root),
      pruned({ ledger: other }),
      pruned({ after: other }),
      pruned({ blobs: blobListDigest([...blobs].reverse()) }),
    ]).toEqual(Array.from({ length: 6 }, () => [wrongly]));
    expect([erased(agent), erased(approver, other)]).toEqual([
      ['removal.invalid at subject.erased'],
      ['removal.invalid at subject.erased'],
    ]);
  });

  test('is not recorded a second time', () => {
    const fixture = ledgerFixture();
    const { ledger, recorder } = fixture;
    const after = recorder.heads.get('ledger')?.digest ?? ledger;
    const list = blobListDigest(blobs);
    const envelope = signPruning({ ledger, after, blobs: list, reason: '' }, approver);
    recorder.writeBy(approver.id, pruning(blobs, envelope));
    recorder.writeBy(approver.id, pruning(blobs, envelope));
    expect(told(fixture)).toEqual([wrongly]);
  });

  test('of one sort is not the word of the other', () => {
    const fixture = ledgerFixture();
    const { ledger, recorder } = fixture;
    const after = recorder.heads.get('ledger')?.digest ?? ledger;
    const envelope = signErasure({ ledger, after, key: someDigest('k'), reason: '' }, approver);
    recorder.writeBy(approver.id, pruning(blobs, envelope));
    expect(told(fixture)).toEqual([wrongly]);
  });
});
