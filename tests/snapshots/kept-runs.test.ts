import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { RefusalError } from '@chancery/kernel/refusal';
import { runStateJson } from '@chancery/kernel/replay';
import {
  keepUp,
  keptFromStart,
  restoreKept,
  runList,
  runView,
  saveKept,
  type Kept,
  type RunList,
} from '@chancery/runtime/projections';
import {
  anotherWrit,
  appendAll,
  ledgerFixture,
  people,
  RunStory,
  runMoments,
  someDigest,
  stateOf,
  writeMoments,
  writeRun,
} from '@chancery/testkit/builders';

const isTrusted = (key: string): boolean => key === people.agent.id;

/** The list as values that compare. */
function told({ state, position, last }: Kept<RunList>) {
  const open = [...state.open.values()].map(runStateJson);
  return { open, ended: [...state.ended.values()], position, last };
}

/** A ledger with a run that has ended and one that has not. */
function twoRuns() {
  const fixture = ledgerFixture();
  writeRun(fixture, 'r1');
  const second = new RunStory(fixture, 'r2', anotherWrit(fixture));
  second.start();
  second.hold();
  return fixture;
}

let store: MemoryStore;

beforeEach(() => {
  store = new MemoryStore();
});

describe('the list of runs', () => {
  it('keeps what is shown of runs that have ended, and goes on with the others', async () => {
    const { recorder } = twoRuns();
    await appendAll(store, recorder.entries);
    const kept = await keepUp(store, runList, keptFromStart(runList));
    const ended = runView(stateOf(recorder.entries), () => null);
    expect(told(kept)).toEqual({
      open: [runStateJson(stateOf(recorder.entries, 'r2'))],
      ended: [ended],
      position: recorder.entries.length,
      last: recorder.entries.at(-1)?.digest,
    });
  });

  it('goes on from where it was saved as if it had been folded whole', async () => {
    const stories = fc.array(fc.constantFrom(...runMoments), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(stories, fc.nat(), async (moments, at) => {
        const fixture = ledgerFixture();
        const { recorder, ledger } = fixture;
        writeMoments(fixture, moments);
        const starts = recorder.entries.flatMap(({ entry }, place) =>
          entry.batch.index === 0 ? [place] : [],
        );
        const cut = starts[at % starts.length] ?? 0;
        const own = new MemoryStore();
        await appendAll(own, recorder.entries.slice(0, cut));
        const until = await keepUp(own, runList, keptFromStart(runList));
        const bytes = saveKept(runList, until, { ledger, by: people.agent });
        await appendAll(own, recorder.entries.slice(cut));
        const restored = await restoreKept(own, runList, bytes, { ledger, isTrusted });
        if (!restored.ok) throw new Error(restored.refusal.message);
        expect(restored.value.position).toBe(cut);
        const resumed = await keepUp(own, runList, restored.value);
        const whole = await keepUp(own, runList, keptFromStart(runList));
        expect(told(resumed)).toEqual(told(whole));
      }),
      cases(40),
    );
  });

  it('reads only what follows', async () => {
    const { recorder } = twoRuns();
    await appendAll(store, recorder.entries);
    const kept = await keepUp(store, runList, keptFromStart(runList));
    const asked: number[] = [];
    const readAll = store.readAll.bind(store);
    store.readAll = (from, limit) => {
      asked.push(from);
      return readAll(from, limit);
    };
    await keepUp(store, runList, kept);
    expect(asked).toEqual([recorder.entries.length]);
  });

  it('is refused where an entry is not linked to the one before', async () => {
    const { recorder } = twoRuns();
    await appendAll(store, recorder.entries);
    const readAll = store.readAll.bind(store);
    store.readAll = async (from, limit) =>
      (await readAll(from, limit)).map((row) =>
        row.stream === 'run:r1' && row.seq === 1
          ? {
              ...row,
              text: row.text.replace(/(?<="prev":")./, (digit) => (digit === '0' ? '1' : '0')),
            }
          : row,
      );
    const asked = keepUp(store, runList, keptFromStart(runList));
    await expect(asked).rejects.toThrow(RefusalError);
    await expect(asked).rejects.toMatchObject({ refusal: { code: 'ledger.corrupt' } });
  });
});

describe('a list that was saved', () => {
  async function saved(by = people.agent) {
    const { recorder, ledger } = twoRuns();
    await appendAll(store, recorder.entries);
    const kept = await keepUp(store, runList, keptFromStart(runList));
    return { ledger, recorder, kept, bytes: saveKept(runList, kept, { ledger, by }) };
  }

  async function said(bytes: Uint8Array, ledger: string, on = store) {
    const read = await restoreKept(on, runList, bytes, { ledger, isTrusted });
    return read.ok ? 'restored' : read.refusal.message.replace(/^.*used: /, '');
  }

  it('is restored with every run', async () => {
    const { kept, bytes, ledger } = await saved();
    const read = await restoreKept(store, runList, bytes, { ledger, isTrusted });
    expect(read.ok && told(read.value)).toEqual(told(kept));
  });

  it('is refused when it was altered, or signed by a key that may not run', async () => {
    const { bytes, ledger } = await saved();
    const text = new TextDecoder().decode(bytes);
    const altered = new TextEncoder().encode(text.replace('projection+json', 'projectiom+json'));
    expect(await said(altered, ledger)).toContain('expected a payload of type');
    expect(await said(bytes.slice(0, 99), ledger)).toBe('it is not a signed envelope');
    store = new MemoryStore();
    const other = await saved(people.approver);
    expect(await said(other.bytes, other.ledger)).toBe(
      `the ledger does not trust ${people.approver.id} to run`,
    );
  });

  it('is refused for another ledger, and for one that ends before or goes otherwise', async () => {
    const { bytes, ledger, recorder } = await saved();
    expect(await said(bytes, someDigest('another'))).toBe('it is of another ledger');
    const shorter = new MemoryStore();
    await appendAll(shorter, recorder.entries.slice(0, 1));
    const otherwise = 'the ledger does not go on from where it ends';
    expect(await said(bytes, ledger, shorter)).toBe(otherwise);
    const readAll = store.readAll.bind(store);
    store.readAll = async (from, limit) =>
      (await readAll(from, limit)).map((row) => ({ ...row, text: `${row.text} ` }));
    expect(await said(bytes, ledger)).toBe(otherwise);
  });

  it('is refused when it is of another projection, or its state is malformed', async () => {
    const { kept, ledger } = await saved();
    const request = { ledger, by: people.agent };
    const another = saveKept({ ...runList, name: 'others' }, kept, request);
    expect(await said(another, ledger)).toBe('it is of another projection');
    const states = [null, { open: [] }, { open: [{}], ended: [] }, { open: [], ended: [{}] }];
    for (const state of states) {
      const malformed = saveKept({ ...runList, save: () => state }, kept, request);
      expect(await said(malformed, ledger)).toBe('its state is malformed');
    }
  });
});
