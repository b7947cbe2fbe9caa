import { rememberedRule, type HeldDecision } from '@chancery/domain/policies';
import { readQuestion } from '@chancery/kernel/compiler';
import {
  activatePolicy,
  recordDelegation,
  recordDelegationEnd,
  recordManifest,
  recordManifestRetirement,
  recordPrices,
  recordProgramRetirement,
  recordPrograms,
  recordSayings,
  recordSigned,
  retirePolicy,
  sayCompromise,
  sayRetirement,
  sayRotation,
  sayTrust,
  withdrawProposed,
  type Sayings,
} from '@chancery/runtime/authority';
import { signerFrom, someDigest, someManifest, valueOf } from '@chancery/testkit/builders';
import { bundleOf, rule } from '@chancery/testkit/house';
import { call, driving } from '../../spine/drive.ts';
import type { Rows } from './row.ts';
import { refusing, signatoryOf, startedOn, type Scene } from './scene.ts';

const [deputy, stranger] = [signerFrom(7), signerFrom(9)];
const hourMs = 3_600_000;

const say = (scene: Scene, sayings: Sayings, roots = [scene.house.owner]) =>
  recordSayings(signatoryOf(scene), sayings, roots);

const trust = async (scene: Scene): Promise<void> => {
  const said = sayTrust({ key: deputy.id, label: 'deputy', purposes: ['approve'] });
  valueOf(await say(scene, said));
};

const ending = (key: string) => ({ key, reason: 'test' });

const delegating = (to: string) => ({ to, channel: null, forMs: hourMs, reason: 'away' });

const other = bundleOf({ all: rule('permit'), no: rule('forbid', 'send') });

/** A rule whose condition is none. */
const unread = bundleOf({ all: { ...rule('permit'), conditions: [{ kind: 'when', body: {} }] } });

const holding = rule('forbid', 'send', { hold: 'human' });

/** The decision that waits, if it were for two humans. */
function heldIn({ house }: Scene): HeldDecision {
  const held = house.seen.findLast(({ entry }) => entry.kind === 'proposal.suspended');
  if (held?.entry.kind !== 'proposal.suspended') throw new Error('nothing was held');
  const { body } = held.entry;
  const asked = body.question;
  const question =
    asked !== undefined && 'inline' in asked ? readQuestion(asked.inline) : undefined;
  if (question === undefined) throw new Error('it has no question');
  return { ...body, hold: { ...body.hold, quorum: 2 }, question, actor: house.actor.id };
}

/** What is said of rules, prices and keys by one who may not, or of what is not so. */
export const sayingRows: Rows = {
  'policy.not-signer': {
    sort: 'saying',
    cases: [
      refusing('a policy that a stranger activates', 'policy.not-signer', (scene) =>
        activatePolicy(signatoryOf(scene, stranger), other),
      ),
      refusing('a policy that the agent activates', 'policy.not-signer', (scene) =>
        activatePolicy(signatoryOf(scene, scene.house.actor), other),
      ),
    ],
  },
  'policy.invalid': {
    sort: 'saying',
    cases: [
      refusing('a policy that cannot be read', 'policy.invalid', (scene) =>
        activatePolicy(signatoryOf(scene), unread),
      ),
      refusing('the end of the last policy', 'policy.invalid', (scene) =>
        retirePolicy(signatoryOf(scene), { level: 'tenant', name: 'test', reason: '' }),
      ),
    ],
  },
  'prices.invalid': {
    sort: 'saying',
    cases: [
      refusing('prices of a time that was never', 'prices.invalid', (scene) =>
        recordPrices(signatoryOf(scene), {
          ...{ effectiveFrom: -1, models: [], fallback: null, source: '' },
        }),
      ),
    ],
  },
  'manifest.invalid': {
    sort: 'saying',
    cases: [
      refusing('a capability that says less than it does', 'manifest.invalid', (scene) =>
        recordManifest(signatoryOf(scene), someManifest({ effect: 'pure' }), () => undefined),
      ),
    ],
  },
  'manifest.unknown': {
    sort: 'saying',
    cases: [
      refusing('the end of a capability that nobody declared', 'manifest.unknown', (scene) =>
        recordManifestRetirement(signatoryOf(scene), 'things.note'),
      ),
    ],
  },
  'programs.invalid': {
    sort: 'saying',
    cases: [
      refusing('a row that takes options unseen', 'programs.invalid', (scene) =>
        recordPrograms(
          signatoryOf(scene),
          { mend: { lenient: true, cases: { 'mend -x': '' } } },
          () => undefined,
        ),
      ),
    ],
  },
  'programs.unknown': {
    sort: 'saying',
    cases: [
      refusing('the end of a row that nobody declared', 'programs.unknown', (scene) =>
        recordProgramRetirement(signatoryOf(scene), 'mend'),
      ),
    ],
  },
  'delegation.invalid': {
    sort: 'saying',
    cases: [
      refusing('an approver who delegates to itself', 'delegation.invalid', (scene) =>
        recordDelegation(signatoryOf(scene), delegating(scene.house.owner.id)),
      ),
      refusing('an approver who delegates to the agent', 'delegation.invalid', (scene) =>
        recordDelegation(signatoryOf(scene), delegating(scene.house.actor.id)),
      ),
    ],
  },
  'delegation.unknown': {
    sort: 'saying',
    cases: [
      refusing('the end of a delegation that is not there', 'delegation.unknown', (scene) =>
        recordDelegationEnd(signatoryOf(scene), { id: someDigest('none'), reason: '' }),
      ),
    ],
  },
  'grant.not-rememberable': {
    sort: 'saying',
    cases: [
      refusing(
        'a decision of more than one human',
        'grant.not-rememberable',
        (scene) => Promise.resolve(rememberedRule(heldIn(scene), { untilMs: 2 ** 52, active: [] })),
        {
          scene: { bundle: bundleOf({ all: rule('permit'), ask: holding }) },
          before: async (scene) => driving(await startedOn(scene, [call('send')])),
        },
      ),
    ],
  },
  'grant.unknown': {
    sort: 'saying',
    cases: [
      refusing('the end of what is not proposed', 'grant.unknown', (scene) =>
        withdrawProposed(signatoryOf(scene), { bundle: someDigest('none'), reason: '' }),
      ),
    ],
  },
  'envelope.invalid': {
    sort: 'saying',
    cases: [
      refusing('what is said of a key in another ledger', 'envelope.invalid', async (scene) => {
        const { owner, authority } = scene.house;
        const said = sayTrust({ key: deputy.id, label: 'deputy', purposes: ['approve'] });
        const elsewhere = { ledger: someDigest('other'), trust: await authority.trust(), size: 1 };
        return recordSigned(signatoryOf(scene), valueOf(said(elsewhere, [owner])));
      }),
    ],
  },
  'key.not-root': {
    sort: 'saying',
    cases: [
      refusing('what a stranger says of a key', 'key.not-root', (scene) =>
        say(scene, sayTrust({ key: deputy.id, label: 'x', purposes: ['issue'] }), [stranger]),
      ),
    ],
  },
  'key.unknown': {
    sort: 'saying',
    cases: [
      refusing('the end of a key that is not known', 'key.unknown', (scene) =>
        say(scene, sayRetirement(ending(stranger.id))),
      ),
    ],
  },
  'key.ended': {
    sort: 'saying',
    cases: [
      refusing(
        'the second end of a key',
        'key.ended',
        (scene) => say(scene, sayRetirement(ending(deputy.id))),
        {
          before: async (scene) => {
            await trust(scene);
            valueOf(await say(scene, sayRetirement(ending(deputy.id))));
          },
        },
      ),
    ],
  },
  'key.is-root': {
    sort: 'saying',
    cases: [
      refusing('the end of a root', 'key.is-root', (scene) =>
        say(scene, sayRetirement(ending(scene.house.owner.id))),
      ),
    ],
  },
  'key.needed': {
    sort: 'saying',
    cases: [
      refusing('the end of the last key that runs', 'key.needed', (scene) =>
        say(scene, sayRetirement(ending(scene.house.actor.id))),
      ),
    ],
  },
  'key.not-yet': {
    sort: 'saying',
    cases: [
      refusing(
        'a key that is lost at a size to come',
        'key.not-yet',
        (scene) => say(scene, sayCompromise({ ...ending(deputy.id), fromSize: 1_000 })),
        { before: trust },
      ),
    ],
  },
  'key.exists': {
    sort: 'saying',
    cases: [
      refusing(
        'a key that takes the place of another and is known',
        'key.exists',
        (scene) => say(scene, sayRotation({ ...ending(deputy.id), to: scene.house.actor.id })),
        { before: trust },
      ),
    ],
  },
};
