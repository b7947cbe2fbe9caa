import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { mayPermitMore } from '@chancery/domain/policies';
import type { Signer } from '@chancery/kernel/encoding';
import { bundleDigest, bundleIn } from '@chancery/kernel/policy';
import type { AppendOutcome, Kind, SealedBatch } from '@chancery/kernel/ledger';
import type { Purpose } from '@chancery/kernel/writ';
import {
  activatePolicy,
  Authority,
  clearControl,
  engageControl,
  outlookOf,
  recordSayings,
  sayCompromise,
  sayRetirement,
  sayRotation,
  sayTrust,
  type ActiveBundles,
  type EndingKey,
  type Sayings,
} from '@chancery/runtime/authority';
import { authoriseDirectly, type HeldRun } from '@chancery/runtime/drive';
import { signerFrom } from '@chancery/testkit/builders';
import {
  bundleOf,
  houseOf,
  modelOf,
  poison,
  rule,
  startTestRun,
  wideTerms,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

/** A store in which something happens in the moment before a batch with an entry of this kind. */
class MovingStore extends MemoryStore {
  kind: Kind | undefined;
  move: () => Promise<unknown> = () => Promise.resolve();

  override async append(batch: SealedBatch): Promise<AppendOutcome> {
    const meant = batch.entries.some(({ entry }) => entry.kind === this.kind);
    if (!meant) return super.append(batch);
    this.kind = undefined;
    await this.move();
    return super.append(batch);
  }
}

const deputy = signerFrom(7);
const make = poison('make', 'write');
const send = poison('send', 'external');
const bundle = bundleOf({
  all: rule('permit'),
  ask: rule('forbid', 'send', { hold: 'human', quorum: '1' }),
});

interface Scene {
  readonly house: TestHouse;
  readonly store: MovingStore;
}

const speaking = ({ house: { store, ledger, clock } }: Scene) => {
  return { store, ledger, clock, authority: new Authority(store, ledger) };
};

const record = (scene: Scene, sayings: Sayings) =>
  recordSayings(speaking(scene), sayings, [scene.house.owner]);

async function trust(scene: Scene, key: string, purposes: readonly Purpose[]): Promise<void> {
  const said = await record(scene, sayTrust({ key, label: 'deputy', purposes }));
  if (!said.ok) throw new Error(said.refusal.message);
}

const ending = ({ id: key }: Signer): EndingKey => ({ key, reason: 'test' });

const retire = (scene: Scene, key: Signer) => record(scene, sayRetirement(ending(key)));

const compromise = (scene: Scene, key: Signer, fromSize: number) =>
  record(scene, sayCompromise({ ...ending(key), fromSize }));

async function sceneOf(): Promise<Scene> {
  const store = new MovingStore();
  const scene = { house: await houseOf({ store, capabilities: [make, send], bundle }), store };
  await trust(scene, deputy.id, ['issue', 'approve']);
  return scene;
}

/** A run of these calls, under a writ that the deputy has issued. */
async function started({ house }: Scene, ...names: readonly string[]): Promise<HeldRun> {
  const authorised = await authoriseDirectly(house, deputy, wideTerms(house));
  if (!authorised.ok) throw new Error(authorised.refusal.message);
  const turns = [...names.map((name) => call(name)), { say: 'done' }];
  return startTestRun(house, modelOf(turns), { authorised: authorised.value });
}

const tampered = async ({ house }: Scene): Promise<readonly unknown[]> =>
  (await findingsOf(house)).filter(({ severity }) => severity === 'tampered');

describe('a key that is to be said compromised', () => {
  it('has told which policy and control would be in place of the present ones, and these are', async () => {
    const store = new MovingStore();
    const house = await houseOf({ store, capabilities: [make], bundle });
    const scene = { house, store };
    const { ledger, clock, owner } = house;
    await trust(scene, deputy.id, ['sign-policy', 'approve']);
    const authority = new Authority(store, ledger);
    const signatory = { store, ledger, clock, authority, by: deputy };
    const narrower = bundleOf({ none: rule('forbid'), all: rule('permit') });
    const fromSize = (await store.readAll(0, 1_000)).length;
    await activatePolicy(signatory, narrower);
    const on = { scope: 'all', run: null, mode: 'kill', reason: 'stop' } as const;
    const control = await engageControl({ ...signatory, by: owner }, on);
    const engaged = control.ok ? control.value : '';
    await clearControl(signatory, { engaged, reason: 'go on' });
    const outlook = await outlookOf(store, ledger, { key: deputy.id, fromSize });
    const digests = (active: ActiveBundles) =>
      [...active.values()].map((each) => bundleDigest(bundleIn(each)));
    expect(digests(outlook.before.active)).toEqual([bundleDigest(narrower)]);
    expect(digests(outlook.after.active)).toEqual([bundleDigest(bundle)]);
    expect(mayPermitMore(outlook.before.active.values(), outlook.after.active.values())).toBe(true);
    expect(outlook.atStake.map(({ kind, signed }) => [kind, signed])).toEqual([
      ['policy.activated', true],
      ['control.cleared', true],
    ]);
    await compromise(scene, deputy, fromSize);
    const now = new Authority(store, ledger);
    expect(digests((await now.policies()).active)).toEqual(digests(outlook.after.active));
    expect([...(await now.controls()).engaged.keys()]).toEqual(outlook.engagedAgain);
    expect(outlook.engagedAgain).toHaveLength(1);
  });
});

it('of a ledger that cannot be read, nothing is foretold', async () => {
  const store = new MovingStore();
  const { ledger } = await houseOf({ store, capabilities: [make], bundle });
  const readAll = store.readAll.bind(store);
  store.readAll = async (from, limit) => {
    const page = await readAll(from, limit);
    return page.map((stored) => ({ ...stored, text: `${stored.text} ` }));
  };
  await expect(outlookOf(store, ledger, { key: deputy.id, fromSize: 1 })).rejects.toMatchObject({
    refusal: { code: 'ledger.corrupt' },
  });
});

describe('a run under a writ of a key', () => {
  it('goes on when the key is retired, and none begins', async () => {
    const scene = await sceneOf();
    const held = await started(scene, 'make');
    expect(await retire(scene, deputy)).toMatchObject({ ok: true });
    const before = make.taken();
    await driving(held);
    expect(make.taken()).toBe(before + 1);
    const another = await authoriseDirectly(scene.house, deputy, wideTerms(scene.house));
    expect(another).toMatchObject({ ok: false, refusal: { code: 'writ.untrusted' } });
    expect(await findingsOf(scene.house)).toEqual([]);
  });

  it.each(['before it is recorded', 'while it is decided'])(
    'does nothing more when the key is found compromised, %s',
    async (when) => {
      const scene = await sceneOf();
      const held = await started(scene, 'make', 'make');
      const before = make.taken();
      if (when === 'before it is recorded') await compromise(scene, deputy, 1);
      scene.store.kind = 'execution.started';
      scene.store.move = () => compromise(scene, deputy, 1);
      expect(await driving(held)).toMatchObject({
        kind: 'finished',
        body: { outcome: 'cancelled', reason: `the key ${deputy.id} was retired or compromised` },
      });
      expect(make.taken()).toBe(before);
      expect(await tampered(scene)).toEqual([]);
      const standing = (await findingsOf(scene.house)).map(({ code }) => code);
      expect(new Set(standing)).toEqual(new Set(['key.compromised']));
    },
  );

  it('is not touched by a compromise after the writ', async () => {
    const scene = await sceneOf();
    const held = await started(scene, 'make');
    const size = (await scene.store.readAll(0, 1_000)).length;
    await compromise(scene, deputy, size);
    const before = make.taken();
    await driving(held);
    expect(make.taken()).toBe(before + 1);
    expect(await findingsOf(scene.house)).toEqual([]);
  });

  it('ends when the key that it acts as has ended', async () => {
    const scene = await sceneOf();
    const { house } = scene;
    const held = await started(scene, 'make');
    const signer = house.actor;
    expect(await retire(scene, signer)).toMatchObject({ refusal: { code: 'key.needed' } });
    await trust(scene, signerFrom(8).id, ['run']);
    expect(await retire(scene, signer)).toMatchObject({ ok: true });
    const before = make.taken();
    expect(await driving(held)).toMatchObject({ body: { outcome: 'cancelled' } });
    expect(make.taken()).toBe(before);
    expect(await tampered(scene)).toEqual([]);
  });
});

describe('a held action that a key has granted', () => {
  it.each([
    ['retired', (scene: Scene) => retire(scene, deputy)],
    ['compromised', (scene: Scene) => compromise(scene, deputy, 1)],
  ])('waits again when the key is %s before its release', async (_, end) => {
    const scene = await sceneOf();
    const { house } = scene;
    const authorised = await authoriseDirectly(house, house.owner, wideTerms(house));
    if (!authorised.ok) throw new Error(authorised.refusal.message);
    const model = modelOf([call('send'), { say: 'done' }]);
    const held = await startTestRun(house, model, { authorised: authorised.value });
    const rest = await driving(held);
    const action = rest.kind === 'held' ? rest.action : '';
    await vote({ ...house, owner: deputy }, action, 'grant');
    expect(await end(scene)).toMatchObject({ ok: true });
    const before = send.taken();
    const again = await driving(await takenUp(house, held));
    expect(again).toMatchObject({ kind: 'held', action });
    expect(send.taken()).toBe(before);
    expect(await tampered(scene)).toEqual([]);
    await vote(house, action, 'grant');
    await driving(await takenUp(house, held));
    expect(send.taken()).toBe(before + 1);
    expect(await tampered(scene)).toEqual([]);
  });
});

describe('another key in the place of one', () => {
  it('is trusted for the same, at the very entry before the old one has ended', async () => {
    const scene = await sceneOf();
    const to = signerFrom(8).id;
    const rotated = await record(scene, sayRotation({ ...ending(deputy), to }));
    expect(rotated).toMatchObject({ ok: true });
    const { keys } = await new Authority(scene.store, scene.house.ledger).trust();
    const [known, old] = [keys.get(to), keys.get(deputy.id)];
    expect(known).toMatchObject({ label: 'deputy', purposes: ['issue', 'approve'] });
    expect(old).toMatchObject({ label: 'deputy', purposes: [] });
    expect(known?.spans[0]?.from).toBe((old?.spans[0]?.until ?? 0) - 1);
    const twice = await record(scene, sayRotation({ ...ending(deputy), to }));
    expect(twice).toMatchObject({ ok: false, refusal: { code: 'key.exists' } });
    expect(await findingsOf(scene.house)).toEqual([]);
  });

  it('takes the place of one that is compromised, for what that was trusted for', async () => {
    const scene = await sceneOf();
    const to = signerFrom(8).id;
    await compromise(scene, deputy, 1);
    expect(await record(scene, sayRotation({ ...ending(deputy), to }))).toMatchObject({
      ok: true,
    });
    const { keys } = await new Authority(scene.store, scene.house.ledger).trust();
    expect(keys.get(to)?.purposes).toEqual(['issue', 'approve']);
    expect(keys.get(deputy.id)).toMatchObject({ purposes: [], voidFrom: 1 });
    expect(await findingsOf(scene.house)).toEqual([]);
  });

  it('is neither a root nor a key of which anything was said', async () => {
    const scene = await sceneOf();
    const { owner, actor } = scene.house;
    for (const to of [owner.id, actor.id]) {
      const refused = await record(scene, sayRotation({ ...ending(deputy), to }));
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'key.exists' } });
    }
    const rooted = sayRotation({ ...ending(owner), to: signerFrom(8).id });
    expect(await record(scene, rooted)).toMatchObject({
      refusal: { code: 'key.is-root' },
    });
  });
});
