import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import type { PriceTable } from '@chancery/kernel/prices';
import {
  Authority,
  policyEpochs,
  recordPrices,
  recordSayings,
  sayCompromise,
  sayTrust,
  type Signatory,
} from '@chancery/runtime/authority';
import type { Model } from '@chancery/runtime/cognition';
import { priceNow, type RunRequest } from '@chancery/runtime/drive';
import { signerFrom } from '@chancery/testkit/builders';
import {
  HandClock,
  houseOf,
  modelOf,
  poison,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from './drive.ts';

const clerk = signerFrom(7);

interface Scene {
  readonly house: TestHouse;
  readonly clock: HandClock;
  readonly store: MemoryStore;
}

async function sceneOf(): Promise<Scene> {
  const [clock, store] = [new HandClock(), new MemoryStore()];
  const house = await houseOf({ store, capabilities: [poison('look', 'read')], clock });
  return { house, clock, store };
}

const dayMs = 24 * 3_600_000;
const cost = (inputMicrousd: number) => ({
  ...{ inputMicrousd, cachedInputMicrousd: 0, outputMicrousd: 0 },
});

/** A table by which the model of these tests costs so much for a million tokens of input. */
function tableOf({ clock }: Scene, microusd: number, change: Partial<PriceTable> = {}): PriceTable {
  const models = [{ model: 'test:turns', ...cost(microusd) }];
  return { effectiveFrom: clock.ms, models, fallback: null, source: '', ...change };
}

const signatoryOf = ({ house }: Scene, by: Signer = house.owner): Signatory => {
  const { store, ledger, clock } = house;
  return { store, ledger, clock, by, authority: new Authority(store, ledger) };
};

/** Declares a table; gives the digest of its entry. */
async function declare(scene: Scene, table: PriceTable, by?: Signer): Promise<Digest | null> {
  const declared = await recordPrices(signatoryOf(scene, by), table);
  if (!declared.ok) throw new Error(declared.refusal.message);
  return declared.value;
}

async function whyNot(scene: Scene, table: PriceTable, by?: Signer): Promise<string | undefined> {
  const declared = await recordPrices(signatoryOf(scene, by), table);
  return declared.ok ? undefined : `${declared.refusal.code}: ${declared.refusal.message}`;
}

const answering = modelOf([{ say: 'done' }]);
const unpriced: Model = { ...answering, price: undefined };

/** What a run pays that is started now. */
async function paying({ house }: Scene, model: Model, change: Partial<RunRequest> = {}) {
  const { driven } = await startTestRun(house, model, change);
  return driven.context.trajectory.started?.price;
}

describe('a price table', () => {
  it('is signed by who may sign policies, once', async () => {
    const scene = await sceneOf();
    const table = tableOf(scene, 5);
    expect(await whyNot(scene, table, scene.house.actor)).toMatch(/^policy\.not-signer/);
    const entry = await declare(scene, table);
    expect(entry).toMatch(/^[0-9a-f]{64}$/);
    scene.clock.ms += 1;
    expect(await declare(scene, { ...table, effectiveFrom: scene.clock.ms })).toBe(null);
    expect(await declare(scene, tableOf(scene, 6))).not.toBe(null);
    expect(await policyEpochs(scene.store, scene.house.ledger)).toHaveLength(3);
  });

  it.each<[string, (scene: Scene) => Partial<PriceTable>, RegExp]>([
    ['long past', ({ clock }) => ({ effectiveFrom: clock.ms - dayMs - 1 }), /long past/],
    ['past already', ({ clock }) => ({ effectiveFrom: clock.ms - 2 }), /never be in effect/],
    ['of no moment', () => ({ effectiveFrom: -1 }), /malformed "effectiveFrom"/],
  ])('does not count from a time that is %s', async (_, change, why) => {
    const scene = await sceneOf();
    scene.clock.ms += 2 * dayMs;
    await declare(scene, tableOf(scene, 5, { effectiveFrom: scene.clock.ms - 1 }));
    const wrong = await whyNot(scene, { ...tableOf(scene, 6), ...change(scene) });
    expect(wrong).toMatch(/^prices\.invalid/);
    expect(wrong).toMatch(why);
  });

  it('is declared again when another was declared at the same moment', async () => {
    const scene = await sceneOf();
    const both = await Promise.all([5, 6].map((each) => declare(scene, tableOf(scene, each))));
    expect(new Set(both).size).toBe(2);
    const { prices } = await new Authority(scene.store, scene.house.ledger).policies();
    expect(prices.map(({ entry }) => entry).sort()).toEqual(both.toSorted());
    expect(await findingsOf(scene.house)).toEqual([]);
  });

  it('says nothing any more when its key was in other hands, and the one before does again', async () => {
    const scene = await sceneOf();
    const { house, store } = scene;
    const speaking = { ...signatoryOf(scene) };
    const trusting = { key: clerk.id, label: 'clerk', purposes: ['sign-policy'] as const };
    await recordSayings(speaking, sayTrust(trusting), [house.owner]);
    const first = await declare(scene, tableOf(scene, 5));
    const fromSize = (await store.readAll(0, 100)).length;
    await declare(scene, tableOf(scene, 1), clerk);
    expect(await paying(scene, answering)).toMatchObject({ inputMicrousd: 1 });
    const ending = { key: clerk.id, reason: 'lost', roots: [house.owner], fromSize };
    expect(await recordSayings(speaking, sayCompromise(ending), [house.owner])).toMatchObject({
      ok: true,
    });
    expect(await paying(scene, answering)).toMatchObject({ inputMicrousd: 5, table: first });
    const told = (await findingsOf(house)).map(
      ({ code, stream }) => `${code} ${stream.split(':')[0]}`,
    );
    expect(told).toEqual(['key.compromised policy', 'key.compromised run']);
    expect(await whyNot(scene, tableOf(scene, 2), clerk)).toMatch(/^policy\.not-signer/);
  });
});

describe('what a run pays', () => {
  it('is what was given by hand, or the row, or what is listed, or the fallback, or it is refused', async () => {
    const scene = await sceneOf();
    expect(await paying(scene, answering)).toEqual(answering.price);
    await expect(paying(scene, unpriced)).rejects.toMatchObject({
      refusal: { code: 'model.unpriced' },
    });
    const rest = await declare(scene, tableOf(scene, 5, { models: [], fallback: cost(7) }));
    expect(await paying(scene, answering)).toEqual(answering.price);
    const fallback = { source: 'fallback of the price table', table: rest };
    expect(await paying(scene, unpriced)).toEqual({ ...cost(7), ...fallback });
    const table = await declare(scene, tableOf(scene, 5, { fallback: cost(7) }));
    const row = { ...cost(5), source: 'price table', table };
    expect([await paying(scene, answering), await paying(scene, unpriced)]).toEqual([row, row]);
    const price = { ...cost(9), source: 'declared' };
    expect(await paying(scene, answering, { price })).toEqual(price);
    expect(await findingsOf(scene.house)).toEqual([]);
  });

  it('is found out before anything is made for the run', async () => {
    const scene = await sceneOf();
    const create = () => Promise.reject(new Error('no worktree is to be made'));
    const house = { ...scene.house, workspaces: { ...scene.house.workspaces, create } };
    await expect(paying({ ...scene, house }, unpriced)).rejects.toMatchObject({
      refusal: { code: 'model.unpriced' },
    });
  });

  it('is of a table only when its time has come', async () => {
    const scene = await sceneOf();
    await declare(scene, tableOf(scene, 5));
    await declare(scene, tableOf(scene, 8, { effectiveFrom: scene.clock.ms + dayMs }));
    await declare(scene, tableOf(scene, 6));
    expect(await paying(scene, answering)).toMatchObject({ inputMicrousd: 6 });
    scene.clock.ms += dayMs - 1;
    expect(await paying(scene, answering)).toMatchObject({ inputMicrousd: 6 });
    scene.clock.ms += 1;
    expect(await paying(scene, answering)).toMatchObject({ inputMicrousd: 8 });
    expect(await findingsOf(scene.house)).toEqual([]);
  });

  it('stays what it was started at, also when it is taken up again', async () => {
    const scene = await sceneOf();
    await declare(scene, tableOf(scene, 1_000_000));
    const model = modelOf([call('look'), { say: 'done' }]);
    const held = await startTestRun(scene.house, model);
    await declare(scene, tableOf(scene, 9_000_000));
    const again = await takenUp(scene.house, held);
    expect(await driving(again)).toMatchObject({ kind: 'finished' });
    // Two answers, of ten tokens of input each.
    expect(again.driven.context.trajectory.spent).toMatchObject({ costMicrousd: 20 });
    expect(await findingsOf(scene.house)).toEqual([]);
  });

  it('is what was shown, or nothing is started', async () => {
    const scene = await sceneOf();
    const { house, clock } = scene;
    await declare(scene, tableOf(scene, 5));
    await declare(scene, tableOf(scene, 8, { effectiveFrom: clock.ms + 1 }));
    const shown: number[] = [];
    const onFit: NonNullable<RunRequest['onFit']> = ({ inputMicrousd }) => {
      shown.push(inputMicrousd);
      clock.ms += 1;
    };
    const start = paying(scene, answering, { onFit });
    await expect(start).rejects.toMatchObject({ refusal: { code: 'ledger.conflict' } });
    expect(shown).toEqual([5]);
    expect(await house.store.streams('run:')).toEqual([]);
    const now = await priceNow(house, { model: answering });
    expect(now).toMatchObject({ value: { inputMicrousd: 8 } });
  });

  it('is that of the moment which is recorded, however long the start takes', async () => {
    const scene = await sceneOf();
    const { house, clock } = scene;
    await declare(scene, tableOf(scene, 5));
    await declare(scene, tableOf(scene, 8, { effectiveFrom: clock.ms + 1 }));
    const probe: TestHouse['sandbox']['probe'] = () => {
      clock.ms += 1;
      return house.sandbox.probe();
    };
    const slow = { ...house, sandbox: { ...house.sandbox, probe } };
    expect(await paying({ ...scene, house: slow }, answering)).toMatchObject({ inputMicrousd: 5 });
    expect(await findingsOf(house)).toEqual([]);
  });
});
