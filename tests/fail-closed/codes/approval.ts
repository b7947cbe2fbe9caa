import { decide, type ApprovalCommand } from '@chancery/domain/approvals';
import type { Channel } from '@chancery/kernel/channel';
import type { Digest, Signer } from '@chancery/kernel/encoding';
import type { RefusalCode } from '@chancery/kernel/refusal';
import {
  activatePolicy,
  recordChannel,
  recordChannelRemoval,
  recordDelegation,
  recordSayings,
  sayTrust,
} from '@chancery/runtime/authority';
import { readApproval } from '@chancery/runtime/broker';
import type { HeldRun } from '@chancery/runtime/drive';
import { signerFrom, someDigest, valueOf } from '@chancery/testkit/builders';
import { bundleOf, rule } from '@chancery/testkit/house';
import { call, driving } from '../../spine/drive.ts';
import { vote } from '../../spine/vote.ts';
import type { Case, Rows } from './row.ts';
import { refusing, sceneOf, shown, signatoryOf, startedOn, type Scene } from './scene.ts';

const [deputy, stranger] = [signerFrom(7), signerFrom(9)];
const minuteMs = 60_000;

const holding = (channel: string, quorum = '1') =>
  bundleOf({ all: rule('permit'), ask: rule('forbid', 'send', { hold: channel, quorum }) });

interface Held extends Scene {
  readonly held: HeldRun;
  readonly action: Digest;
}

/** A scene in which sending waits for a human. */
async function heldScene(
  channel = 'human',
  prepare?: (scene: Scene) => Promise<void>,
): Promise<Held> {
  const scene = await sceneOf({ bundle: holding(channel) });
  await prepare?.(scene);
  const held = await startedOn(scene, [call('send')]);
  const end = await driving(held);
  if (end.kind !== 'held') throw new Error(`the run is ${end.kind}`);
  return { ...scene, held, action: end.action };
}

/** Commands what waits for an answer, and gives what is to be recorded. */
async function commanded({ house }: Scene, action: Digest, command: ApprovalCommand) {
  const { approval } = await readApproval(house.store, action);
  const context = {
    ...{ trust: await house.authority.trust(), proposer: house.actor.id },
    nowMs: house.clock.nowMs(),
  };
  return decide(approval, command, context);
}

/** The desk, whose questions are passed on to the lead after a time. */
async function escalating(scene: Scene): Promise<void> {
  const { house } = scene;
  const purposes = ['approve'] as const;
  const said = sayTrust({ key: deputy.id, label: 'deputy', purposes });
  valueOf(await recordSayings(signatoryOf(scene), said, [house.owner]));
  const channel = (name: string, escalate: Channel['escalate']): Channel => {
    return { name, approvers: [deputy.id], withinMs: 60 * minuteMs, escalate };
  };
  valueOf(await recordChannel(signatoryOf(scene), channel('lead', null)));
  const desk = channel('desk', { to: 'lead', afterMs: minuteMs });
  valueOf(await recordChannel(signatoryOf(scene), desk));
}

/** A case of an action that waits, after which something is done that is refused. */
function waiting(
  name: string,
  code: RefusalCode,
  what: {
    readonly scene?: () => Promise<Held>;
    readonly before?: (held: Held) => Promise<unknown>;
    readonly recorded?: readonly string[];
    readonly work: (held: Held) => Promise<unknown>;
  },
): Case {
  return {
    ...{ name, recorded: what.recorded ?? [] },
    run: async () => {
      const held = await (what.scene ?? heldScene)();
      await what.before?.(held);
      return shown(held, code, () => what.work(held));
    },
  };
}

const driven = ({ held }: Held) => driving(held);
const voting =
  (by?: Signer) =>
  ({ house, action }: Held) =>
    vote(house, action, 'grant', by);
const rejected = ['proposal.rejected'];

/** What an action that waits for a human is refused with, and who answers in the wrong way. */
export const approvalRows: Rows = {
  'approval.denied': {
    sort: 'action',
    cases: [
      waiting('an action that a human has denied', 'approval.denied', {
        before: ({ house, action }) => vote(house, action, 'deny'),
        recorded: rejected,
        work: driven,
      }),
    ],
  },
  'approval.expired': {
    sort: 'action',
    cases: [
      waiting('an action that nobody has answered in time', 'approval.expired', {
        before: async ({ clock }) => void (clock.ms += minuteMs),
        recorded: rejected,
        work: driven,
      }),
      waiting('a vote after the time', 'approval.expired', {
        before: async ({ clock }) => void (clock.ms += minuteMs),
        work: voting(),
      }),
      waiting('an action that was granted and is released too late', 'approval.expired', {
        before: async (held) => {
          await voting()(held);
          held.clock.ms += minuteMs;
        },
        recorded: rejected,
        work: driven,
      }),
    ],
  },
  'approval.unknown': {
    sort: 'action',
    cases: [
      refusing('an answer to what nobody has asked', 'approval.unknown', (scene) =>
        commanded(scene, someDigest('other'), { type: 'expire' }),
      ),
    ],
  },
  'approval.not-approver': {
    sort: 'action',
    cases: [
      waiting('a vote of a stranger', 'approval.not-approver', { work: voting(stranger) }),
      waiting('a vote of the agent itself', 'approval.not-approver', {
        work: (held) => voting(held.house.actor)(held),
      }),
    ],
  },
  'approval.closed': {
    sort: 'action',
    cases: [
      waiting('an answer after a human has denied', 'approval.closed', {
        before: ({ house, action }) => vote(house, action, 'deny'),
        work: (held) => commanded(held, held.action, { type: 'expire' }),
      }),
    ],
  },
  'approval.unreachable': {
    sort: 'action',
    cases: [
      {
        name: 'a quorum of more than there are',
        recorded: rejected,
        run: async () => {
          const scene = await sceneOf({ bundle: holding('human', '2') });
          const held = await startedOn(scene, [call('send')]);
          return shown(scene, 'approval.unreachable', () => driving(held));
        },
      },
      refusing(
        'a policy that asks for more than its channel has',
        'approval.unreachable',
        (scene) => activatePolicy(signatoryOf(scene), holding('desk', '2')),
        {
          before: async (scene) => {
            const approvers = [scene.house.owner.id];
            const desk = { name: 'desk', approvers, withinMs: minuteMs, escalate: null };
            valueOf(await recordChannel(signatoryOf(scene), desk));
          },
        },
      ),
      refusing(
        'a channel of too few',
        'approval.unreachable',
        ({ house, ...scene }) =>
          recordChannel(signatoryOf({ house, ...scene }), {
            ...{ name: 'desk', approvers: [house.owner.id], withinMs: minuteMs, escalate: null },
          }),
        {
          before: async (scene) => {
            const said = sayTrust({ key: deputy.id, label: 'deputy', purposes: ['approve'] });
            valueOf(await recordSayings(signatoryOf(scene), said, [scene.house.owner]));
            valueOf(await activatePolicy(signatoryOf(scene), holding('desk', '2')));
          },
        },
      ),
    ],
  },
  'approval.passed-on': {
    sort: 'action',
    cases: [
      waiting('a vote of those whose time is over', 'approval.passed-on', {
        scene: () => heldScene('desk', escalating),
        before: async ({ clock }) => void (clock.ms += minuteMs),
        work: voting(deputy),
      }),
    ],
  },
  'channel.invalid': {
    sort: 'saying',
    cases: [
      refusing('a channel that passes on to itself', 'channel.invalid', (scene) =>
        recordChannel(signatoryOf(scene), {
          ...{ name: 'desk', approvers: [scene.house.owner.id], withinMs: minuteMs },
          escalate: { to: 'desk', afterMs: 1 },
        }),
      ),
    ],
  },
  'channel.unknown': {
    sort: 'saying',
    cases: [
      refusing('the end of a channel that is not there', 'channel.unknown', (scene) =>
        recordChannelRemoval(signatoryOf(scene), { name: 'desk', reason: '' }),
      ),
      refusing('a delegation on a channel that is not there', 'channel.unknown', (scene) =>
        recordDelegation(signatoryOf(scene), {
          ...{ to: deputy.id, channel: 'desk', forMs: minuteMs, reason: '' },
        }),
      ),
      waiting('an action whose next channel is gone', 'channel.unknown', {
        scene: () => heldScene('desk', escalating),
        before: async ({ clock }) => void (clock.ms += minuteMs),
        work: (held) => commanded(held, held.action, { type: 'escalate', channels: new Map() }),
      }),
    ],
  },
};
