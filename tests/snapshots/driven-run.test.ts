import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { type DriveEnd } from '@chancery/runtime/drive';
import { Journal } from '@chancery/runtime/journal';
import {
  foldRunState,
  RunSnapshots,
  snapshotRun,
  snapshotStream,
  type KeepingOptions,
} from '@chancery/runtime/snapshots';
import { runStateDigest } from '@chancery/kernel/replay';
import { people } from '@chancery/testkit/builders';
import { capabilityOf, houseOf, modelOf, observed, startTestRun } from '@chancery/testkit/house';
import { call, driving, findingsOf } from '../spine/drive.ts';

const everyEntries = 12;

const look = capabilityOf({
  name: 'look',
  effect: 'read',
  execute: () => Promise.resolve(observed({ seen: 'nothing' })),
});

/** A run of 16 reads, driven with snapshots that a change of the options makes fail or not. */
async function driven(change: Partial<KeepingOptions> = {}, store = new MemoryStore()) {
  const house = await houseOf({ store, capabilities: [look] });
  const reads = Array.from({ length: 16 }, () => call(look.contract.name));
  const held = await startTestRun(house, modelOf([...reads, { say: 'done' }]));
  const run = held.driven.context.stream;
  const { ledger, clock, actor: signer } = house;
  const told: string[] = [];
  const options: KeepingOptions = {
    ...{ ledger, signer, everyEntries },
    journal: new Journal({ store, ledger, by: signer.id, clock }),
    onNotTaken: ({ code }) => told.push(code),
    onPassedOver: (refused) => told.push(...refused.map(({ refusal: { code } }) => code)),
    ...change,
  };
  const begin = (): Promise<RunSnapshots> => RunSnapshots.of(options, run);
  const snapshots = await begin();
  const goOn = (): Promise<DriveEnd> => driving(held, { grown: snapshots.grown });
  return { house, store, run, told, options, snapshots, begin, goOn };
}

/** Seqs that the snapshots of a run cover. */
async function coveredIn(store: MemoryStore, run: string): Promise<readonly number[]> {
  const taken = await store.read(snapshotStream(run), 0, 100);
  return taken.map(({ text }) => {
    const { body } = JSON.parse(text) as { readonly body: { readonly at: { seq: number } } };
    return body.at.seq;
  });
}

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
    const { store, run, options, begin, goOn } = await driven({ everyEntries: 1_000_000 });
    await goOn();
    const { at } = await snapshotRun(options, run);
    const again = await RunSnapshots.of({ ...options, everyEntries }, run);
    again.grown(at.seq + everyEntries - 1);
    await again.settled();
    expect(await coveredIn(store, run)).toEqual([at.seq]);
    expect(await begin()).toBeInstanceOf(RunSnapshots);
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
