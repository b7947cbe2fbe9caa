import { describe, expect, it } from 'vitest';
import { runStateDigest } from '@chancery/kernel/replay';
import { Journal } from '@chancery/runtime/journal';
import {
  foldRunState,
  RunSnapshots,
  snapshotRun,
  snapshotStream,
  type KeepingOptions,
} from '@chancery/runtime/snapshots';
import { people } from '@chancery/testkit/builders';
import { findingsOf } from '../spine/drive.ts';
import { coveredIn, driven, everyEntries } from './driven.ts';

describe('a run that is driven', () => {
  it('gets a snapshot whenever it has grown by so many entries, and is folded from the last', async () => {
    const { house, store, run, told, snapshots, goOn } = await driven();
    expect(await goOn()).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    await snapshots.settled();
    const covered = await coveredIn(store, run);
    expect(covered.length).toBeGreaterThan(3);
    for (const [index, seq] of covered.entries()) {
      expect(seq - (covered[index - 1] ?? -1)).toBeGreaterThanOrEqual(everyEntries);
    }
    const { state, from } = await foldRunState(house, run);
    const { state: whole } = await foldRunState(house, run, { whole: true });
    expect({ from: from?.seq, digest: runStateDigest(state) }).toEqual({
      from: covered.at(-1),
      digest: runStateDigest(whole),
    });
    expect({ told, findings: await findingsOf(house) }).toEqual({ told: [], findings: [] });
  });

  it('goes on without snapshots where none can be taken, and tells why each time', async () => {
    const { store, run, told, snapshots, goOn } = await driven({ signer: people.approver });
    expect(await goOn()).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    await snapshots.settled();
    expect(told.length).toBeGreaterThan(3);
    expect(new Set(told)).toEqual(new Set(['snapshot.invalid']));
    expect(await store.head(snapshotStream(run))).toBeNull();
  });

  it('is driven to its end, and a broken assumption of a snapshot comes out after it', async () => {
    const clock = {
      nowMs: (): number => {
        throw new Error('no clock');
      },
    };
    const scene = await driven();
    const { store, run, options } = scene;
    const { ledger, signer } = options;
    const journal = new Journal({ store, ledger, by: signer.id, clock });
    const broken = await RunSnapshots.of({ ...options, journal }, run);
    broken.grown(everyEntries);
    await expect(broken.settled()).rejects.toThrow('no clock');
    expect(await scene.goOn()).toMatchObject({ kind: 'finished' });
  });
});

describe('a run that is taken up again', () => {
  it('is counted from its newest snapshot', async () => {
    const { run, told, options, goOn } = await driven({ everyEntries: 1_000_000 });
    await goOn();
    const { at } = await snapshotRun(options, run);
    // With a signer that is refused, every attempt is told.
    const counting = { ...options, everyEntries, signer: people.approver };
    const again = await RunSnapshots.of(counting, run);
    again.grown(at.seq + everyEntries - 1);
    await again.settled();
    expect(told).toEqual([]);
    again.grown(at.seq + everyEntries);
    await again.settled();
    expect(told).toEqual(['snapshot.invalid']);
  });

  it('is counted from the entry that the last one covers, which may be a later one', async () => {
    const { house, run, told, options, goOn } = await driven({ everyEntries: 1_000_000 });
    await goOn();
    const end = (await house.store.head(run))?.seq ?? 0;
    let { signer } = options;
    const changing: KeepingOptions = {
      ...options,
      everyEntries,
      get signer() {
        return signer;
      },
    };
    const again = await RunSnapshots.of(changing, run);
    again.grown(everyEntries);
    await again.settled();
    signer = people.approver;
    again.grown(end + everyEntries - 1);
    await again.settled();
    expect(told).toEqual([]);
  });

  it('gets another snapshot at once where the last one does not hold, which is told', async () => {
    const { store, run, told, options, goOn } = await driven({ everyEntries: 1_000_000 });
    await goOn();
    const { at } = await snapshotRun(options, run);
    const blob = store.blob.bind(store);
    let isGone = true;
    store.blob = (digest) => (isGone ? Promise.resolve(undefined) : blob(digest));
    const again = await RunSnapshots.of({ ...options, everyEntries }, run);
    expect(told).toEqual(['snapshot.invalid']);
    again.grown(at.seq);
    await again.settled();
    isGone = false;
    expect(await coveredIn(store, run)).toEqual([at.seq, at.seq]);
  });
});
