import { describe, expect, it } from 'vitest';
import { zeroAmounts } from '@chancery/kernel/account';
import type { Channel } from '@chancery/kernel/channel';
import type { Digest } from '@chancery/kernel/encoding';
import { bundleDigest } from '@chancery/kernel/policy';
import type { RefusalCode } from '@chancery/kernel/refusal';
import type { Terms } from '@chancery/kernel/writ';
import {
  activatePolicy,
  clearControl,
  engageControl,
  proposePolicy,
  recordChannel,
  recordChannelRemoval,
  recordDelegation,
  recordDelegationEnd,
  recordPrices,
  recordSayings,
  retirePolicy,
  revokeStanding,
  sayCompromise,
  sayRetirement,
  sayTrust,
  withdrawProposed,
  type Trusting,
} from '@chancery/runtime/authority';
import { signerFrom, someDigest, valueOf } from '@chancery/testkit/builders';
import { bundleOf, modelOf, rule, startTestRun, wideTerms } from '@chancery/testkit/house';
import { call } from '../spine/drive.ts';
import { sceneOf, shown, signatoryOf, startedOn, type Scene } from './codes/scene.ts';

const deputy = signerFrom(7);
const stranger = signerFrom(9);
/** Fits into an entry; what is signed has room for 4,096 characters at most. */
const reason = 'x'.repeat(5_000);
const long = 'x'.repeat(70_000);
const numbers = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 2 ** 53];

/** Begins a run under a writ of these terms. */
const under = (change: Partial<Terms>) => (scene: Scene) =>
  startTestRun(scene.house, modelOf([call('make')]), {}, wideTerms(scene.house, change));

type Saying = readonly [what: string, code: RefusalCode, say: (scene: Scene) => Promise<unknown>];

const ofNumbers: readonly Saying[] = numbers.flatMap((number): readonly Saying[] => [
  [
    `a writ with a budget of ${number}`,
    'writ.void',
    under({ budget: { ...zeroAmounts, calls: number } }),
  ],
  [
    `a writ that begins at ${number}`,
    'writ.void',
    under({ window: { notBefore: number, notAfter: 2 ** 52 } }),
  ],
  [
    `a writ that may be carved ${number} times`,
    'writ.void',
    under({ delegation: { depth: 1, children: number } }),
  ],
  [
    `prices from ${number} on`,
    'prices.invalid',
    (scene) =>
      recordPrices(signatoryOf(scene), {
        ...{ effectiveFrom: number, models: [], fallback: null, source: '' },
      }),
  ],
  [
    `a channel that waits for ${number} ms`,
    'channel.invalid',
    (scene) =>
      recordChannel(signatoryOf(scene), {
        ...{ name: 'desk', approvers: [scene.house.owner.id], withinMs: number, escalate: null },
      }),
  ],
  [
    `a delegation for ${number} ms`,
    'delegation.invalid',
    (scene) =>
      recordDelegation(signatoryOf(scene), {
        ...{ to: deputy.id, channel: null, forMs: number, reason: '' },
      }),
  ],
]);

const oversize: readonly Saying[] = [
  [
    'a writ of grants without end',
    'entry.too-long',
    under({
      grants: Array.from({ length: 2_000 }, (_, nth) => ({
        ...{ capability: `capability-${String(nth).padStart(6, '0')}`, where: [] },
      })),
    }),
  ],
  [
    'a control with a reason without end',
    'entry.too-long',
    (scene) =>
      engageControl(signatoryOf(scene), {
        ...{ scope: 'all', run: null, mode: 'kill', reason: long },
      }),
  ],
  [
    'a key with a label without end',
    'entry.too-long',
    (scene) =>
      recordSayings(
        signatoryOf(scene),
        sayTrust({ key: deputy.id, label: long, purposes: ['approve'] }),
        [scene.house.owner],
      ),
  ],
];

const control = { scope: 'all', run: null, mode: 'kill', reason: 'x' } as const;
const desk = { name: 'desk', withinMs: 1_000, escalate: null };
const other = { ...bundleOf({ all: rule('permit') }), name: 'other' };

const trust = (scene: Scene, change: Partial<Trusting> = {}): Promise<unknown> => {
  const trusting = { key: deputy.id, label: 'x', purposes: ['approve'] as const, ...change };
  return recordSayings(signatoryOf(scene), sayTrust(trusting), [scene.house.owner]);
};

const define = (scene: Scene, change: Partial<Channel> = {}) =>
  recordChannel(signatoryOf(scene), { ...desk, approvers: [scene.house.owner.id], ...change });

/** What has to be there before it can be ended. */
interface Ended extends Scene {
  readonly control: Digest;
  readonly delegation: Digest;
  readonly writ: Digest;
}

async function endable(): Promise<Ended> {
  const scene = await sceneOf();
  const by = signatoryOf(scene);
  const { driven } = await startedOn(scene, []);
  await trust(scene);
  await define(scene);
  valueOf(await activatePolicy(by, other));
  valueOf(await proposePolicy(by, { ...other, name: 'proposed' }, someDigest('a')));
  const delegating = { to: deputy.id, channel: null, forMs: 1_000, reason: '' };
  const delegation = valueOf(await recordDelegation(by, delegating));
  const engaged = valueOf(await engageControl(by, control));
  return { ...scene, control: engaged, delegation, writ: driven.context.writ };
}

/** Words that a statement of its kind has no room for, or that are none. */
const malformed: readonly (readonly [string, (scene: Ended) => Promise<unknown>])[] = [
  ['the reason of a control', (scene) => engageControl(signatoryOf(scene), { ...control, reason })],
  [
    'the run of a control',
    (scene) => engageControl(signatoryOf(scene), { ...control, scope: 'run', run: reason }),
  ],
  [
    'the reason of the end of a control',
    (scene) => clearControl(signatoryOf(scene), { engaged: scene.control, reason }),
  ],
  ['the label of a key', (scene) => trust(scene, { key: stranger.id, label: reason })],
  ['an empty label', (scene) => trust(scene, { key: stranger.id, label: '' })],
  [
    'the reason of the end of a key',
    (scene) =>
      recordSayings(signatoryOf(scene), sayRetirement({ key: deputy.id, reason }), [
        scene.house.owner,
      ]),
  ],
  [
    'a size below nothing',
    (scene) =>
      recordSayings(
        signatoryOf(scene),
        sayCompromise({ key: deputy.id, reason: 'x', fromSize: -1 }),
        [scene.house.owner],
      ),
  ],
  ['the name of a channel', (scene) => define(scene, { name: 'Bad Name' })],
  ['a channel of nobody', (scene) => define(scene, { approvers: [] })],
  [
    'the reason of the end of a channel',
    (scene) => recordChannelRemoval(signatoryOf(scene), { name: 'desk', reason }),
  ],
  [
    'the reason of a delegation',
    (scene) =>
      recordDelegation(signatoryOf(scene), { to: deputy.id, channel: null, forMs: 1, reason }),
  ],
  [
    'the reason of the end of a delegation',
    (scene) => recordDelegationEnd(signatoryOf(scene), { id: scene.delegation, reason }),
  ],
  [
    'the reason of the end of a policy',
    (scene) => retirePolicy(signatoryOf(scene), { level: 'tenant', name: 'other', reason }),
  ],
  [
    'the reason of the end of a proposal',
    (scene) => {
      const bundle = bundleDigest({ ...other, name: 'proposed' });
      return withdrawProposed(signatoryOf(scene), { bundle, reason });
    },
  ],
  [
    'the reason of the end of a writ',
    (scene) => revokeStanding(signatoryOf(scene), { writ: scene.writ, reason }),
  ],
];

describe('what could not be read in the ledger any more is not recorded', () => {
  it.each(malformed)('%s', async (_, say) => {
    const scene = await endable();
    expect(await shown(scene, 'envelope.invalid', () => say(scene))).toEqual({
      ...{ code: 'envelope.invalid', effects: 0, recorded: [], grown: false, verifies: true },
    });
  });
});

describe.each([
  ['a number that is none', ofNumbers],
  ['without end', oversize],
])('what is said with %s', (_, sayings) => {
  it.each(sayings)('%s is refused as %s, and nothing is recorded', async (_what, code, say) => {
    const scene = await sceneOf();
    expect(await shown(scene, code, () => say(scene))).toEqual({
      ...{ code, effects: 0, recorded: [], grown: false, verifies: true },
    });
  });
});

it('a key that is none is not trusted', async () => {
  const scene = await endable();
  expect(await shown(scene, 'key.invalid', () => trust(scene, { key: 'ed25519:zz' }))).toEqual({
    ...{ code: 'key.invalid', effects: 0, recorded: [], grown: false, verifies: true },
  });
});
