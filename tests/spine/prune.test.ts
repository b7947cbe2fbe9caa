import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { SealedBatch } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { readContent } from '@chancery/runtime/broker';
import { BlobContents, drive, type HeldRun } from '@chancery/runtime/drive';
import {
  ContentSource,
  planPrune,
  pruneBlobs,
  type PruneChoice,
  type RemovalRequest,
} from '@chancery/runtime/removal';
import {
  capabilityOf,
  HandClock,
  houseOf,
  modelOf,
  observed,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

/** Prints what it is asked for, at length. */
const print = capabilityOf({
  name: 'print',
  effect: 'read',
  execute: ({ word }) =>
    Promise.resolve(observed({ text: (typeof word === 'string' ? word : '').repeat(20_000) })),
});

async function house(store = new MemoryStore(), clock = new HandClock()): Promise<TestHouse> {
  return houseOf({ store, capabilities: [print], clock });
}

const idOf = ({ driven }: HeldRun): string => driven.context.stream.slice('run:'.length);

/** Has a run print these words; its id. */
async function printing(on: TestHouse, ...words: readonly string[]): Promise<string> {
  const turns = words.map((word) => call('print', { word }));
  const held = await startTestRun(on, modelOf([...turns, { say: 'done' }]));
  expect(await driving(held)).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
  return idOf(held);
}

function by(on: TestHouse, reason = 'old'): RemovalRequest {
  const { store, ledger, clock, owner } = on;
  return { store, ledger, clock, by: owner, reason };
}

async function prune(on: TestHouse, choice: PruneChoice = {}): Promise<readonly string[]> {
  const { blobs } = await planPrune(on.store, choice);
  const digests = blobs.map(({ digest }) => digest);
  const pruned = await pruneBlobs(by(on), digests);
  if (!pruned.ok) throw new RefusalError(pruned.refusal);
  return digests;
}

const tampered = async (on: TestHouse) =>
  (await findingsOf(on)).filter(({ severity }) => severity === 'tampered');

describe('what is planned to be pruned', () => {
  it('is the contents of runs that have ended and that are chosen, told with their size', async () => {
    const on = await house();
    await printing(on, 'a');
    const run = await printing(on, 'b');
    const plan = await planPrune(on.store, { runs: [run] });
    expect(plan).toMatchObject({ blobs: [{ runs: [run] }], shared: 0 });
    expect(plan.bytes).toBe(plan.blobs[0]?.bytes);
    expect(plan.bytes).toBeGreaterThan(20_000);
    expect((await planPrune(on.store, {})).blobs.length).toBe(2);
  });

  it('leaves what another run names as well', async () => {
    const on = await house();
    const run = await printing(on, 'a', 'b');
    await printing(on, 'a');
    expect(await planPrune(on.store, { runs: [run] })).toMatchObject({
      blobs: [{ runs: [run] }],
      shared: 1,
    });
    expect((await planPrune(on.store, {})).blobs.length).toBe(2);
  });

  it('leaves runs that go on, and those that ended too late', async () => {
    const clock = new HandClock();
    const on = await house(new MemoryStore(), clock);
    await printing(on, 'a');
    clock.ms += 10_000;
    const open = await startTestRun(on, modelOf([call('print', { word: 'b' })]));
    await drive(open.driven, {
      stop: AbortSignal.abort(),
      rest: () => Promise.resolve(),
      waitForHumans: false,
    });
    const blobs = async (choice: PruneChoice) => (await planPrune(on.store, choice)).blobs.length;
    expect(await blobs({ endedBeforeMs: clock.ms })).toBe(1);
    expect(await blobs({ endedBeforeMs: 1_000 })).toBe(0);
    expect(await blobs({ runs: [idOf(open)] })).toBe(0);
  });
});

describe('pruning', () => {
  it('leaves digests, a signed entry that says why, and a ledger that verifies', async () => {
    const on = await house();
    await printing(on, 'a');
    const [digest = ''] = await prune(on);
    expect(await on.store.blob(digest)).toBeUndefined();
    const blob = { digest, bytes: 1, mediaType: 'application/json' };
    expect(await new ContentSource(on.store).read(blob)).toEqual({
      kind: 'gone',
      gone: { how: 'pruned', digest, by: on.owner.id, atMs: on.clock.nowMs(), reason: 'old' },
    });
    expect(await tampered(on)).toEqual([]);
    expect((await planPrune(on.store, {})).blobs).toEqual([]);
    // Whoever works goes on: keys and authority are read past the entry.
    await printing(on, 'b');
  });

  it('makes reading what is gone a refusal that names who and why, and shows words for it', async () => {
    const on = await house();
    await printing(on, 'a');
    const [digest = ''] = await prune(on);
    const content = { blob: { digest, bytes: 1, mediaType: 'application/json' } };
    const message = `the content ${digest} was pruned by ${on.owner.id}: old`;
    await expect(readContent(on, content)).rejects.toMatchObject({
      refusal: { code: 'content.pruned', message },
    });
    const commit = on.seen.find(({ entry }) => entry.kind === 'commit');
    if (commit === undefined) throw new Error('nothing was committed');
    await expect(new BlobContents(on.store).fetch(commit)).rejects.toMatchObject({
      refusal: { code: 'content.pruned' },
    });
    const shown = new BlobContents(on.store, { standIn: ({ how }) => how });
    await shown.fetch(commit);
    expect(shown.read(content)).toBe('pruned');
  });

  it('keeps a content that a later run has printed again', async () => {
    const on = await house();
    await printing(on, 'a');
    const [digest = ''] = await prune(on);
    const run = await printing(on, 'a');
    expect(await on.store.blob(digest)).toBeDefined();
    expect((await planPrune(on.store, {})).blobs).toMatchObject([{ digest, runs: [run] }]);
  });

  it('is for humans alone, and writes nothing for another key', async () => {
    const on = await house();
    await printing(on, 'a');
    const before = await on.store.head('ledger');
    expect(await pruneBlobs({ ...by(on), by: on.actor }, ['a'.repeat(64)])).toMatchObject({
      ok: false,
      refusal: { code: 'approval.not-approver' },
    });
    expect(await on.store.head('ledger')).toEqual(before);
  });

  it('that is cut off goes on with the rest when it is asked for again', async () => {
    class Failing extends MemoryStore {
      left = Number.POSITIVE_INFINITY;

      override append(batch: SealedBatch) {
        if (this.left <= 0) return Promise.reject(new Error('cut off'));
        this.left -= 1;
        return super.append(batch);
      }
    }
    const store = new Failing();
    const on = await house(store);
    const words = Array.from({ length: 3 }, (_, index) => `word ${index}`);
    for (const word of words) await printing(on, word);
    const { blobs } = await planPrune(store, {});
    const padding = Array.from({ length: 511 }, (_, index) => index.toString(16).padStart(64, '0'));
    store.left = 1;
    const all = [blobs[0]?.digest ?? '', ...padding, ...blobs.slice(1).map(({ digest }) => digest)];
    await expect(pruneBlobs(by(on), all)).rejects.toThrow('cut off');
    store.left = Number.POSITIVE_INFINITY;
    expect((await planPrune(store, {})).blobs).toEqual(blobs.slice(1));
    await prune(on);
    expect((await planPrune(store, {})).blobs).toEqual([]);
    expect(await tampered(on)).toEqual([]);
  });

  it('of any runs in any order leaves a ledger that verifies', async () => {
    const acts = fc.array(fc.record({ prints: fc.boolean(), pick: fc.nat({ max: 3 }) }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(acts, async (all) => {
        const on = await house();
        const runs: string[] = [];
        for (const { prints, pick } of all) {
          if (prints) runs.push(await printing(on, `word ${pick}`));
          else await prune(on, pick === 0 ? {} : { runs: runs.slice(pick - 1, pick) });
        }
        expect(await tampered(on)).toEqual([]);
      }),
      cases(15),
    );
  });
});
