import {
  anotherWrit,
  ledgerFixture,
  people,
  recordSnapshot,
  RunStory,
  someDigest,
  told,
  writeMoments,
  writeRun,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';

const misstated = ['snapshot.misstated at snapshot.taken'];

describe('snapshots on a ledger', () => {
  test('are confirmed by the fold, during a run and after its end', () => {
    const fixture = ledgerFixture();
    const story = new RunStory(fixture);
    const blobs = new Map<string, Uint8Array>();
    const take = (): void => {
      const { blob } = recordSnapshot(fixture);
      blobs.set(blob.digest, blob.bytes);
    };
    story.start();
    take();
    story.act();
    take();
    story.hold();
    take();
    story.finish();
    take();
    expect(blobs.size).toBe(4);
    expect(told(fixture, (digest) => blobs.get(digest))).toEqual([]);
  });

  test.each(['open', 'ended'])('of another state are found, of a run that is %s', (how) => {
    const fixture = ledgerFixture();
    writeMoments(fixture, ['acts'], { ends: how === 'ended' });
    recordSnapshot(fixture, { state: someDigest('another') });
    expect(told(fixture)).toEqual(misstated);
  });

  test('of an entry that is not the head of the run are found', () => {
    const fixture = ledgerFixture();
    writeMoments(fixture, ['acts'], { ends: false });
    const head = fixture.recorder.heads.get('run:r1') ?? { seq: 0, digest: '' };
    const places = [
      { ...head, seq: head.seq + 1 },
      { ...head, seq: head.seq - 1 },
      { ...head, digest: someDigest('another') },
    ];
    for (const at of places) {
      const forged = ledgerFixture();
      writeMoments(forged, ['acts'], { ends: false });
      recordSnapshot(forged, { at });
      expect(told(forged)).toEqual(misstated);
    }
  });

  test('of a run that is not there, or of another than their stream is for, are found', () => {
    const absent = ledgerFixture();
    writeRun(absent);
    recordSnapshot(absent, { run: 'run:r9' });
    expect(told(absent)).toEqual(misstated);
    const swapped = ledgerFixture();
    writeRun(swapped);
    writeRun(swapped, 'r2', anotherWrit(swapped));
    const { body } = recordSnapshot(swapped);
    swapped.recorder.write({ stream: 'snapshot:r2', kind: 'snapshot.taken', body });
    expect(told(swapped)).toEqual(misstated);
  });

  test('by a key that is not trusted for running are found', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    recordSnapshot(fixture, {}, { by: people.approver });
    expect(told(fixture)).toEqual(misstated);
  });

  test('whose bytes are others, or are signed by another, are found', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    const { blob } = recordSnapshot(fixture);
    expect(told(fixture, () => blob.bytes.with(9, 0))).toEqual(misstated);
    const signedByOther = ledgerFixture();
    writeRun(signedByOther);
    const other = recordSnapshot(signedByOther, {}, { by: people.approver });
    const { body } = other;
    const again = ledgerFixture();
    writeRun(again);
    again.recorder.write({ stream: 'snapshot:r1', kind: 'snapshot.taken', body });
    expect(told(again)).toEqual([]);
    expect(told(again, () => other.blob.bytes)).toEqual(misstated);
  });
});
