import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Blob } from '@chancery/kernel/ledger';
import { runStateDigest, runStateJson, takeSnapshot } from '@chancery/kernel/replay';
import { RefusalError } from '@chancery/kernel/refusal';
import { foldRunState, snapshotRun, snapshotStream } from '@chancery/runtime/snapshots';
import {
  appendAll,
  ledgerFixture,
  people,
  runMoments,
  someDigest,
  stateOf,
  writeMoments,
  type RunMoment,
} from '@chancery/testkit/builders';
import { headOf, takingOn } from './told-ledger.ts';

const run = 'run:r1';

/** A run whose entries are on a store up to one of them; `goOn` appends the others. */
async function toldUntil(moments: readonly RunMoment[], share: number) {
  const fixture = ledgerFixture();
  writeMoments(fixture, moments);
  const { ledger } = fixture;
  const { entries } = fixture.recorder;
  const starts = entries.flatMap(({ entry }, at) =>
    entry.batch.index === 0 && entries[at - 1]?.entry.stream === run ? [at] : [],
  );
  const cut = starts[Math.floor(share * (starts.length - 1))] ?? entries.length;
  const store = new MemoryStore();
  await appendAll(store, entries.slice(0, cut));
  const goOn = (): Promise<void> => appendAll(store, entries.slice(cut));
  return { store, ledger, goOn, entries, taking: takingOn(store, ledger) };
}

/** The fold of all entries, and the one that begins at a snapshot. */
async function bothFolds(source: { readonly store: MemoryStore; readonly ledger: string }) {
  const [whole, resumed] = [
    await foldRunState(source, run, { whole: true }),
    await foldRunState(source, run),
  ];
  return { whole, resumed, same: recordedAlike(whole.state, resumed.state) };
}

function recordedAlike(...states: readonly Parameters<typeof runStateJson>[0][]): boolean {
  return new Set(states.map(runStateDigest)).size === 1;
}

describe('a run with a snapshot', () => {
  it('is folded from there to what all its entries give, wherever it was taken', async () => {
    const shares = fc.double({ min: 0, max: 1, noNaN: true });
    const stories = fc.array(fc.constantFrom(...runMoments), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(stories, shares, async (moments, share) => {
        const scene = await toldUntil(moments, share);
        const { at } = await snapshotRun(scene.taking, run);
        await scene.goOn();
        const { resumed, whole, same } = await bothFolds(scene);
        const tail = whole.folded - 1 - at.seq;
        expect({ same, from: resumed.from, folded: resumed.folded }).toEqual({
          same: true,
          from: at,
          folded: tail,
        });
      }),
      cases(60),
    );
  });

  it('is folded from the newest that covers nothing after the entry that is asked for', async () => {
    const { store, ledger, goOn, taking, entries } = await toldUntil(['acts', 'acts', 'acts'], 0.4);
    const first = await snapshotRun(taking, run);
    await goOn();
    const last = await snapshotRun(taking, run);
    const fromAt = async (atSeq: number) => {
      const { from, state } = await foldRunState({ store, ledger }, run, { atSeq });
      const until = entries.filter(({ entry }) => entry.stream === run && entry.seq <= atSeq);
      expect(runStateJson(state)).toEqual(runStateJson(stateOf(until)));
      return from;
    };
    expect(await fromAt(last.at.seq)).toEqual(last.at);
    expect(await fromAt(last.at.seq - 1)).toEqual(first.at);
    expect(await fromAt(first.at.seq)).toEqual(first.at);
    expect(await fromAt(first.at.seq - 1)).toBeNull();
  });

  it('gets none where nothing was written since the last', async () => {
    const { store, taking } = await toldUntil(['acts'], 1);
    const first = await snapshotRun(taking, run);
    const again = await snapshotRun(taking, run);
    expect(again).toEqual({ ...first, taken: undefined });
    expect(await headOf(store, snapshotStream(run))).toMatchObject({ seq: 0 });
  });

  it('is followed where it goes on while the snapshot is taken', async () => {
    const { store, ledger, goOn, taking, entries } = await toldUntil(['acts', 'acts'], 0.5);
    const append = store.append.bind(store);
    let isFirst = true;
    store.append = async (batch) => {
      if (isFirst) {
        isFirst = false;
        await goOn();
      }
      return append(batch);
    };
    const { at, state } = await snapshotRun(taking, run);
    const whole = stateOf(entries);
    expect({ at, state }).toEqual({ at: whole.head, state: runStateDigest(whole) });
    expect((await foldRunState({ store, ledger }, run)).from).toEqual(at);
  });
});

describe('a snapshot that does not hold', () => {
  type Taken = ReturnType<typeof takeSnapshot>;

  /** Records a snapshot that was changed, after one that holds; how the run is folded then. */
  async function afterForged(forge: (taken: Taken) => Taken, by = people.agent) {
    const scene = await toldUntil(['acts', 'is held', 'acts'], 0.5);
    const { store, ledger, taking } = scene;
    const good = await snapshotRun(taking, run);
    await scene.goOn();
    const { state } = await foldRunState(scene, run, { whole: true });
    const stream = snapshotStream(run);
    const head = await headOf(store, stream);
    const { body, blob } = forge(takeSnapshot(state, { ledger, after: head.digest, by }));
    const heads = new Map([[stream, head]]);
    const blobs: readonly Blob[] = [blob];
    await taking.journal.append(heads, [{ stream, kind: 'snapshot.taken', body }], { blobs });
    const { resumed, same } = await bothFolds(scene);
    expect({ same, from: resumed.from }).toEqual({ same: true, from: good.at });
    return resumed.refused.map(({ seq, refusal }) => `${seq} ${refusal.code}: ${refusal.message}`);
  }

  const cannot = '1 snapshot.invalid: the snapshot cannot be used:';

  it('is told and passed over when another key has signed it', async () => {
    expect(await afterForged((taken) => taken, people.approver)).toEqual([
      `${cannot} the ledger does not trust ${people.approver.id} to run`,
    ]);
  });

  it('is told and passed over when it is of another ledger', async () => {
    const state = stateOf((await toldUntil(['acts', 'is held', 'acts'], 1)).entries);
    const another = someDigest('another');
    const foreign = takeSnapshot(state, { ledger: another, after: another, by: people.agent });
    expect(
      await afterForged(({ body }) => ({ ...foreign, body: { ...foreign.body, at: body.at } })),
    ).toEqual([`${cannot} it is of another ledger`]);
  });

  it('is told and passed over when it is recorded a second time', async () => {
    const scene = await toldUntil(['acts'], 1);
    const { store, taking, ledger } = scene;
    const { at } = await snapshotRun(taking, run);
    const stream = snapshotStream(run);
    const { state } = await foldRunState(scene, run);
    const { body, blob } = takeSnapshot(state, { ledger, after: ledger, by: people.agent });
    const heads = new Map([[stream, await headOf(store, stream)]]);
    await taking.journal.append(heads, [{ stream, kind: 'snapshot.taken', body }], {
      blobs: [blob],
    });
    const { from, refused } = await foldRunState(scene, run);
    expect({ from, refused: refused.map(({ refusal: { message } }) => message) }).toEqual({
      from: at,
      refused: ['the snapshot cannot be used: it was signed for another place'],
    });
  });

  it('is told and passed over when it is of another run', async () => {
    expect(
      await afterForged(({ body, blob }) => ({ blob, body: { ...body, run: 'run:r2' } })),
    ).toEqual([`1 snapshot.invalid: it tells of no snapshot of ${run}`]);
  });

  it('is told and passed over when it covers an entry that is not there, or is another', async () => {
    const elsewhere = (changes: Partial<Taken['body']['at']>) =>
      afterForged(({ body, blob }) => ({
        blob,
        body: { ...body, at: { ...body.at, ...changes } },
      }));
    expect([
      await elsewhere({ seq: 9_999 }),
      await elsewhere({ digest: someDigest('another') }),
    ]).toEqual([
      [`1 snapshot.invalid: ${run} has another entry 9999 than it covers, or none`],
      [expect.stringContaining('than it covers, or none')],
    ]);
  });

  it('is told and passed over when its state is another than was recorded', async () => {
    expect(
      await afterForged(({ body, blob }) => ({
        blob,
        body: { ...body, state: someDigest('another') },
      })),
    ).toEqual([`${cannot} it tells another state`]);
  });

  it('is told and passed over when its blob is gone', async () => {
    const scene = await toldUntil(['acts'], 1);
    const { taken } = await snapshotRun(scene.taking, run);
    const { store } = scene;
    store.blob = () => Promise.resolve(undefined);
    const { resumed, same } = await bothFolds(scene);
    expect({ same, from: resumed.from, refused: resumed.refused }).toMatchObject({
      same: true,
      from: null,
      refused: [{ seq: 0, refusal: { message: `its blob ${taken ?? ''} is missing` } }],
    });
  });

  it('is replaced by the next, which is folded from the entries', async () => {
    const scene = await toldUntil(['acts', 'acts'], 1);
    const { taking, ledger } = scene;
    const stream = snapshotStream(run);
    const { state } = await foldRunState(scene, run);
    const { body, blob } = takeSnapshot(state, { ledger, after: ledger, by: people.approver });
    const draft = { stream, kind: 'snapshot.taken', body } as const;
    await taking.journal.append(new Map([[stream, null]]), [draft], { blobs: [blob] });
    const again = await snapshotRun(taking, run);
    expect(again.refused.map(({ seq }) => seq)).toEqual([0]);
    expect(again.taken).not.toBeUndefined();
    const { from, refused } = await foldRunState(scene, run);
    expect({ from, refused }).toEqual({ from: again.at, refused: [] });
  });
});

describe('taking a snapshot', () => {
  it('is refused to a key that the ledger does not trust for running', async () => {
    const { taking, store } = await toldUntil(['acts'], 1);
    const asked = snapshotRun({ ...taking, signer: people.approver }, run);
    await expect(asked).rejects.toThrow(RefusalError);
    await expect(asked).rejects.toMatchObject({ refusal: { code: 'snapshot.invalid' } });
    expect(await store.head(snapshotStream(run))).toBeNull();
  });

  it('is refused for a run that is not there', async () => {
    const { taking } = await toldUntil(['acts'], 1);
    await expect(snapshotRun(taking, 'run:r9')).rejects.toMatchObject({
      refusal: { code: 'run.unknown' },
    });
  });
});
