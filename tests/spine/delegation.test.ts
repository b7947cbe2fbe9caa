import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import {
  Authority,
  recordChannel,
  recordDelegation,
  recordDelegationEnd,
  recordSayings,
  sayRetirement,
  sayTrust,
  type Delegating,
  type Signatory,
} from '@chancery/runtime/authority';
import type { HeldRun } from '@chancery/runtime/drive';
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
import { call, driving, findingsOf } from './drive.ts';
import { vote } from './vote.ts';

const deputy = signerFrom(7);
const helper = signerFrom(8);
const hourMs = 3_600_000;

let house: TestHouse;
let clock: HandClock;
let send: ReturnType<typeof poison>;

/** A house in which sending needs two voices, of the owner and of the deputy. */
beforeEach(async () => {
  send = poison('send', 'external');
  clock = new HandClock();
  const bundle = bundleOf({
    all: rule('permit'),
    ask: rule('forbid', 'send', { hold: 'desk', quorum: '2' }),
  });
  house = await houseOf({ store: new MemoryStore(), capabilities: [send], bundle, clock });
  const purposes = ['approve'] as const;
  const said = { key: deputy.id, label: 'deputy', purposes };
  expect((await recordSayings(signatory(), sayTrust(said), [house.owner])).ok).toBe(true);
});

function signatory(by: Signer = house.owner): Signatory {
  const { store, ledger } = house;
  return { store, ledger, clock, by, authority: new Authority(store, ledger) };
}

async function delegate(by: Signer, change: Partial<Delegating> = {}): Promise<string> {
  const asked = { to: helper.id, channel: null, forMs: hourMs, reason: 'away' };
  const made = await recordDelegation(signatory(by), { ...asked, ...change });
  return made.ok ? made.value : made.refusal.code;
}

async function held(): Promise<{ readonly run: HeldRun; readonly action: Digest }> {
  const limits = {
    ...{ turns: 20, wallMs: 24 * hourMs, retries: 4 },
    ...{ outputTokens: 1_000, approvalMs: 12 * hourMs },
  };
  const run = await startTestRun(house, modelOf([call('send'), { say: 'done' }]), { limits });
  const end = await driving(run);
  if (end.kind !== 'held') throw new Error(`the run is ${end.kind}`);
  return { run, action: end.action };
}

/** Defines the channel `other`. */
async function other(): Promise<void> {
  const channel = { name: 'other', approvers: [deputy.id], withinMs: hourMs, escalate: null };
  expect((await recordChannel(signatory(), channel)).ok).toBe(true);
}

const grant = (action: Digest, by: Signer): Promise<void> => vote(house, action, 'grant', by);

const notAllowed = { refusal: { code: 'approval.not-approver' } };

describe('the delegate of an approver', () => {
  it('has the voice of the approver, and the two have one', async () => {
    await delegate(deputy);
    const { run, action } = await held();
    await grant(action, helper);
    await grant(action, deputy);
    expect((await driving(run)).kind).toBe('held');
    await grant(action, house.owner);
    expect((await driving(run)).kind).toBe('finished');
    expect([send.taken(), await findingsOf(house)]).toEqual([1, []]);
  });

  it('has one voice, for however many it answers', async () => {
    await delegate(deputy);
    await delegate(house.owner);
    const { run, action } = await held();
    await grant(action, helper);
    expect((await driving(run)).kind).toBe('held');
    await grant(action, house.owner);
    await driving(run);
    expect([send.taken(), await findingsOf(house)]).toEqual([1, []]);
  });

  it('denies by its veto', async () => {
    await delegate(deputy);
    const { run, action } = await held();
    await grant(action, house.owner);
    await vote(house, action, 'deny', helper);
    await driving(run);
    expect([send.taken(), await findingsOf(house)]).toEqual([0, []]);
  });

  it.each<[string, Partial<Delegating>]>([
    ['on another channel', { channel: 'other' }],
    ['after its time', { forMs: hourMs - 1 }],
  ])('has no voice %s', async (_, change) => {
    await other();
    expect(await delegate(deputy, change)).toMatch(/^[0-9a-f]{64}$/);
    const { action } = await held();
    clock.ms += hourMs;
    await expect(grant(action, helper)).rejects.toMatchObject(notAllowed);
  });

  it('that is the proposer has none, and nobody has that of the proposer', async () => {
    const purposes = ['approve'] as const;
    const said = { key: house.actor.id, label: 'x', purposes };
    expect((await recordSayings(signatory(), sayTrust(said), [house.owner])).ok).toBe(true);
    await delegate(house.actor);
    const { action } = await held();
    await expect(grant(action, helper)).rejects.toMatchObject(notAllowed);
    await expect(grant(action, house.actor)).rejects.toMatchObject(notAllowed);
  });
});

describe('a delegation', () => {
  it('is for a channel that is defined', async () => {
    expect(await delegate(deputy, { channel: 'other' })).toBe('channel.unknown');
    await other();
    expect(await delegate(deputy, { channel: 'other' })).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is given by approvers, to other humans, and ended by who may', async () => {
    const id = await delegate(deputy);
    const end = async (by: Signer, named = id): Promise<string | null> => {
      const ended = await recordDelegationEnd(signatory(by), { id: named, reason: '' });
      return ended.ok ? ended.value : ended.refusal.code;
    };
    expect([
      await delegate(helper),
      await delegate(deputy, { to: deputy.id }),
      await delegate(deputy, { to: house.actor.id }),
      await end(signerFrom(9)),
      await end(helper, 'f'.repeat(64)),
      await end(helper),
      await end(helper),
    ]).toEqual([
      'approval.not-approver',
      'delegation.invalid',
      'delegation.invalid',
      'delegation.invalid',
      'delegation.unknown',
      null,
      'delegation.unknown',
    ]);
    expect(await findingsOf(house)).toEqual([]);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['whose time has passed', () => Promise.resolve((clock.ms += hourMs + 1))],
    ['that was ended', (id) => recordDelegationEnd(signatory(deputy), { id, reason: '' })],
    [
      'of an approver who was retired',
      () => {
        const said = sayRetirement({ key: deputy.id, reason: '' });
        return recordSayings(signatory(), said, [house.owner]);
      },
    ],
  ])('%s by the release releases nothing, though it was granted', async (_, ends) => {
    const id = await delegate(deputy);
    const { run, action } = await held();
    await grant(action, house.owner);
    await grant(action, helper);
    await ends(id);
    await driving(run);
    expect([send.taken(), await findingsOf(house)]).toEqual([0, []]);
  });
});
