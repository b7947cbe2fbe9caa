import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Channel } from '@chancery/kernel/channel';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import {
  activatePolicy,
  Authority,
  recordChannel,
  recordChannelRemoval,
  recordSayings,
  sayRetirement,
  sayTrust,
  type Signatory,
} from '@chancery/runtime/authority';
import { readApproval, recordVote } from '@chancery/runtime/broker';
import { drive, type DriveEnd, type HeldRun } from '@chancery/runtime/drive';
import { signerFrom } from '@chancery/testkit/builders';
import {
  bundleOf,
  HandClock,
  houseOf,
  modelOf,
  poison,
  rule,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from './drive.ts';
import { vote } from './vote.ts';

const deputy = signerFrom(7);
const chief = signerFrom(8);
const minuteMs = 60_000;

interface Scene {
  readonly house: TestHouse;
  readonly clock: HandClock;
  readonly send: ReturnType<typeof poison>;
}

/** A house in which sending is held on the channel `desk`. */
async function sceneOf(quorum = '1'): Promise<Scene> {
  const send = poison('send', 'external');
  const clock = new HandClock();
  const bundle = bundleOf({
    all: rule('permit'),
    ask: rule('forbid', 'send', { hold: 'desk', quorum }),
  });
  const house = await houseOf({ store: new MemoryStore(), capabilities: [send], bundle, clock });
  for (const { id: key } of [deputy, chief]) {
    const { store, ledger } = house;
    const speaking = { store, ledger, clock, authority: new Authority(store, ledger) };
    const purposes = ['approve'] as const;
    const said = await recordSayings(speaking, sayTrust({ key, label: 'x', purposes }), [
      house.owner,
    ]);
    expect(said.ok).toBe(true);
  }
  return { house, clock, send };
}

const signatoryOf = ({ house }: Scene, by = house.owner): Signatory => {
  const { store, ledger, clock } = house;
  return { store, ledger, clock, by, authority: new Authority(store, ledger) };
};

async function define(scene: Scene, channel: Partial<Channel>, by?: Signer): Promise<unknown> {
  const usual = { name: 'desk', approvers: [deputy.id], withinMs: 60 * minuteMs, escalate: null };
  const made = await recordChannel(signatoryOf(scene, by), { ...usual, ...channel });
  return made.ok ? made.value : made.refusal.code;
}

async function heldIn(scene: Scene): Promise<{ readonly held: HeldRun; readonly action: Digest }> {
  const held = await startTestRun(scene.house, modelOf([call('send'), { say: 'done' }]));
  const end = await driving(held);
  if (end.kind !== 'held') throw new Error(`the run is ${end.kind}`);
  return { held, action: end.action };
}

const requestIn = async ({ house }: Scene, action: Digest) => {
  const { approval } = await readApproval(house.store, action);
  return approval.phase === 'none' ? undefined : approval.request;
};

describe('a channel', () => {
  it('asks its approvers alone, as long as it says', async () => {
    const scene = await sceneOf();
    await define(scene, {});
    const { held, action } = await heldIn(scene);
    expect(await requestIn(scene, action)).toMatchObject({
      quorum: { m: 1, of: [deputy.id] },
      expiresAt: scene.clock.ms + 60 * minuteMs,
    });
    await expect(vote(scene.house, action, 'grant')).rejects.toMatchObject({
      refusal: { code: 'approval.not-approver' },
    });
    await vote(scene.house, action, 'grant', deputy);
    expect((await driving(held)).kind).toBe('finished');
    expect([scene.send.taken(), await findingsOf(scene.house)]).toEqual([1, []]);
  });

  it('hears who answers at the last moment, however long it takes to record that', async () => {
    const scene = await sceneOf();
    await define(scene, {});
    const { held, action } = await heldIn(scene);
    const expiresAt = (await requestIn(scene, action))?.expiresAt ?? 0;
    let ms = expiresAt - 2;
    const clock = { nowMs: () => (ms += 1) };
    const ballot = { action, vote: 'grant', reason: '', proposer: scene.house.actor.id } as const;
    const voting = { ...scene.house, clock };
    expect(await recordVote(voting, { ...ballot, voter: deputy })).toEqual({
      ...{ ok: true, value: 'granted' },
    });
    scene.clock.ms = expiresAt - 1;
    await driving(held);
    expect([scene.send.taken(), await findingsOf(scene.house)]).toEqual([1, []]);
  });

  it('hears nobody about what nobody was asked, or what has been decided', async () => {
    const scene = await sceneOf();
    await define(scene, {});
    const { action } = await heldIn(scene);
    const codeOf = async (about: Digest): Promise<unknown> => {
      const ballot = { vote: 'grant', reason: '', proposer: scene.house.actor.id } as const;
      const voted = await recordVote(scene.house, { ...ballot, action: about, voter: deputy });
      return voted.ok ? voted.value : voted.refusal.code;
    };
    expect([
      await codeOf('0'.repeat(64)),
      await codeOf(action),
      await codeOf(action),
      await findingsOf(scene.house),
    ]).toEqual(['approval.unknown', 'granted', 'approval.closed', []]);
  });

  it('is defined by who may sign policies, of approvers, once', async () => {
    const scene = await sceneOf();
    expect([
      await define(scene, {}, deputy),
      await define(scene, { approvers: [signerFrom(9).id] }),
      await define(scene, { escalate: { to: 'desk', afterMs: 1 } }),
      await define(scene, {}),
      await define(scene, {}),
    ]).toEqual([
      'policy.not-signer',
      'approval.not-approver',
      'channel.invalid',
      expect.stringMatching(/^[0-9a-f]{64}$/),
      null,
    ]);
  });

  it('of too few for what a rule asks is not defined, nor a rule for more than it has', async () => {
    const scene = await sceneOf('2');
    const { house } = scene;
    const unreachable = 'approval.unreachable';
    expect(await define(scene, {})).toBe(unreachable);
    expect(await define(scene, { name: 'other' })).toMatch(/^[0-9a-f]{64}$/);
    expect(await define(scene, { approvers: [deputy.id, chief.id] })).toMatch(/^[0-9a-f]{64}$/);
    expect(await define(scene, { approvers: [chief.id] })).toBe(unreachable);
    const asking = (hold: string, quorum: string) =>
      bundleOf({ ask: rule('forbid', 'send', { hold, quorum }) });
    const activated = async (hold: string, quorum: string) => {
      const made = await activatePolicy(signatoryOf(scene), asking(hold, quorum));
      return made.ok ? 'activated' : made.refusal.code;
    };
    expect([
      await activated('desk', '3'),
      await activated('other', '2'),
      await activated('nowhere', '4'),
      await activated('nowhere', '3'),
    ]).toEqual([unreachable, unreachable, 'activated', 'activated']);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('of too few by the time refuses what is held on it, and waits for nobody', async () => {
    const scene = await sceneOf('2');
    const { store, ledger, owner } = scene.house;
    await define(scene, { approvers: [deputy.id, chief.id] });
    const speaking = { store, ledger, clock: scene.clock, authority: new Authority(store, ledger) };
    const retired = sayRetirement({ key: chief.id, reason: 'left' });
    expect((await recordSayings(speaking, retired, [owner])).ok).toBe(true);
    const held = await startTestRun(scene.house, modelOf([call('send'), { say: 'done' }]));
    expect((await driving(held)).kind).toBe('finished');
    const rejected = scene.house.seen.find(({ entry }) => entry.kind === 'proposal.rejected');
    expect(rejected?.entry.body).toMatchObject({ refusal: { code: 'approval.unreachable' } });
    expect([scene.send.taken(), await findingsOf(scene.house)]).toEqual([0, []]);
  });

  it('that is another one by the time of the release changes nothing of what was granted', async () => {
    const scene = await sceneOf();
    await define(scene, {});
    const { held, action } = await heldIn(scene);
    await define(scene, { approvers: [chief.id] });
    await expect(vote(scene.house, action, 'grant', chief)).rejects.toMatchObject({
      refusal: { code: 'approval.not-approver' },
    });
    await vote(scene.house, action, 'grant', deputy);
    await driving(held);
    expect([scene.send.taken(), await findingsOf(scene.house)]).toEqual([1, []]);
  });
});

describe('a request that nobody decides', () => {
  async function escalating(): Promise<Scene> {
    const scene = await sceneOf();
    await define(scene, { name: 'lead', approvers: [chief.id], withinMs: 30 * minuteMs });
    await define(scene, { escalate: { to: 'lead', afterMs: 10 * minuteMs } });
    return scene;
  }

  it('is passed on by whoever looks at it after its time, and answered there', async () => {
    const scene = await escalating();
    const { held, action } = await heldIn(scene);
    const grant = (by: Signer): Promise<void> => vote(scene.house, action, 'grant', by);
    scene.clock.ms += 10 * minuteMs - 1;
    expect((await driving(held)).kind).toBe('held');
    expect((await requestIn(scene, action))?.channel).toBe('desk');
    scene.clock.ms += 1;
    await expect(grant(deputy)).rejects.toMatchObject({ refusal: { code: 'approval.passed-on' } });
    const again = await takenUp(scene.house, held);
    expect((await driving(again)).kind).toBe('held');
    expect(await requestIn(scene, action)).toMatchObject({
      channel: 'lead',
      quorum: { m: 1, of: [chief.id] },
      expiresAt: scene.clock.ms + 30 * minuteMs,
    });
    await expect(grant(deputy)).rejects.toMatchObject({
      refusal: { code: 'approval.not-approver' },
    });
    await grant(chief);
    expect((await driving(again)).kind).toBe('finished');
    expect([scene.send.taken(), await findingsOf(scene.house)]).toEqual([1, []]);
  });

  /** Drives to the end, while time goes on whenever somebody waits. */
  function waiting({ clock }: Scene, held: HeldRun): Promise<DriveEnd> {
    return drive(held.driven, {
      stop: new AbortController().signal,
      rest: () => {
        clock.ms += minuteMs;
        return Promise.resolve();
      },
      waitForHumans: true,
    });
  }

  it('anywhere on the way is denied in the end', async () => {
    const scene = await escalating();
    const { held, action } = await heldIn(scene);
    const before = scene.clock.ms;
    expect((await waiting(scene, held)).kind).toBe('finished');
    const { approval } = await readApproval(scene.house.store, action);
    expect(approval).toMatchObject({
      outcome: 'expired',
      channels: ['desk', 'lead'],
      resolvedAtMs: before + 40 * minuteMs,
    });
    expect([scene.send.taken(), await findingsOf(scene.house)]).toEqual([0, []]);
  });

  it('on a channel that passes on to nobody any more waits out its time, and is denied', async () => {
    const scene = await escalating();
    const { held, action } = await heldIn(scene);
    const { store } = scene.house;
    await define(scene, { escalate: null });
    const removed = await recordChannelRemoval(signatoryOf(scene), { name: 'lead', reason: '' });
    expect(removed.ok).toBe(true);
    const before = scene.clock.ms;
    await waiting(scene, held);
    expect((await readApproval(store, action)).approval).toMatchObject({
      outcome: 'expired',
      channels: ['desk'],
      resolvedAtMs: before + 60 * minuteMs,
    });
    expect([scene.send.taken(), await findingsOf(scene.house)]).toEqual([0, []]);
  });
});

it('a grant on one channel does not release what another is to be asked about by then', async () => {
  const scene = await sceneOf();
  const { held, action } = await heldIn(scene);
  await vote(scene.house, action, 'grant');
  const changed = bundleOf({
    all: rule('permit'),
    ask: rule('forbid', 'send', { hold: 'security', quorum: '1' }),
  });
  expect((await activatePolicy(signatoryOf(scene), changed)).ok).toBe(true);
  expect((await driving(held)).kind).toBe('held');
  expect([scene.send.taken(), (await requestIn(scene, action))?.channel]).toEqual([0, 'security']);
  await vote(scene.house, action, 'grant');
  await driving(held);
  expect([scene.send.taken(), await findingsOf(scene.house)]).toEqual([1, []]);
});
