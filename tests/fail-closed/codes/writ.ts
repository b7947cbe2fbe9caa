import { sealEnvelope, type Signer } from '@chancery/kernel/encoding';
import type { RefusalCode } from '@chancery/kernel/refusal';
import { issueWrit, readWrit, type ReadWrit, type Terms } from '@chancery/kernel/writ';
import { closeStanding, revokeStanding } from '@chancery/runtime/authority';
import { submit, type Outcome, type RunContext } from '@chancery/runtime/broker';
import {
  authoriseDirectly,
  authoriseUnder,
  issueStanding,
  type Authorised,
} from '@chancery/runtime/drive';
import { signerFrom, someDigest, valueOf } from '@chancery/testkit/builders';
import { wideTerms } from '@chancery/testkit/house';
import { call } from '../../spine/drive.ts';
import type { Case, Rows } from './row.ts';
import {
  momentThen,
  proposing,
  refusing,
  sceneOf,
  shown,
  signatoryOf,
  startedOn,
  type Scene,
} from './scene.ts';

/** Proposes an action outside a turn of a model: a run without authority is ended before it has one. */
function submitted(context: RunContext): Promise<Outcome> {
  const intent = { kind: 'act', capability: 'make', args: {}, rationale: '', nonce: 'n' };
  const submission = { origin: 'human', turn: 0, callId: 'c', intent } as const;
  return submit({ ...context, onEntry: () => undefined }, submission);
}

const stranger = signerFrom(9);

/** Terms of a writ that others can be carved out of. */
const standing = ({ house }: Scene, change: Partial<Terms> = {}): Terms =>
  wideTerms(house, { delegation: { depth: 1, children: 4 }, ...change });

async function standingWrit(scene: Scene): Promise<ReadWrit> {
  const { house } = scene;
  return valueOf(await authoriseDirectly(house, house.owner, standing(scene))).writ;
}

/** A standing writ of the runtime that was carved out of another. */
async function standingBelow(scene: Scene): Promise<ReadWrit> {
  const { house } = scene;
  const { owner, actor } = house;
  const delegation = { depth: 2, children: 4 };
  const terms = standing(scene, { delegation });
  const subject = actor.id;
  const parent = await issueStanding(house, { issuer: owner, subject, parent: null, terms });
  const carving = { issuer: actor, subject, parent: valueOf(parent), terms: standing(scene) };
  return valueOf(await issueStanding(house, carving));
}

/** What is needed to begin a run under a writ, whatever it says and whoever signed it. */
function forged(writ: ReadWrit, above?: ReadWrit): Authorised {
  const all = above === undefined ? [writ] : [above, writ];
  const drafts = all.map(({ id, envelope }) => ({
    ...{ stream: `writ:${id}`, kind: 'writ.issued' as const },
    body: { envelope },
  }));
  return { writ, drafts, heads: new Map(drafts.map(({ stream }) => [stream, null])), reads: [] };
}

/** A case of what is proposed in a run that began under a writ that gives it nothing. */
function actingUnder(
  name: string,
  code: RefusalCode,
  authorised: (scene: Scene) => Promise<Authorised> | Authorised,
): Case {
  return {
    ...{ name, recorded: ['proposal.rejected'], isForged: true },
    run: async () => {
      const scene = await sceneOf();
      const request = { authorised: await authorised(scene) };
      const { context } = (await startedOn(scene, [], { request })).driven;
      return shown(scene, code, () => submitted(context));
    },
  };
}

const rootBy = ({ house }: Scene, issuer: Signer, ledger = house.ledger): ReadWrit =>
  valueOf(
    issueWrit({
      ...{ ledger, parent: null, issuer, subject: house.actor.id, terms: wideTerms(house) },
      nonce: 'n',
    }),
  );

/** Carves out of a writ what it does not cover. */
async function widened(scene: Scene): Promise<Authorised> {
  const { house } = scene;
  const narrow = standing(scene, { effects: ['read'] });
  const above = valueOf(await authoriseDirectly(house, house.owner, narrow)).writ;
  const { id: parent } = above;
  const { id } = house.actor;
  const writ = { ...wideTerms(house), v: 1, ledger: house.ledger, parent, issuer: id, subject: id };
  const type = 'application/vnd.chancery.writ+json';
  const envelope = sealEnvelope(type, { ...writ, nonce: 'n' }, [house.actor]);
  return forged(valueOf(readWrit(envelope)), above);
}

const window = { notBefore: 0, notAfter: 1_000_000 };

/** What is found wrong with the writ that an action is to stand on. */
export const writRows: Rows = {
  'writ.void': {
    sort: 'action',
    cases: [
      actingUnder('a writ of another ledger', 'writ.void', (scene) =>
        forged(rootBy(scene, scene.house.owner, someDigest('other'))),
      ),
    ],
  },
  'writ.untrusted': {
    sort: 'action',
    cases: [
      actingUnder('a writ that a stranger has issued', 'writ.untrusted', (scene) =>
        forged(rootBy(scene, stranger)),
      ),
      refusing('a stranger who issues a writ', 'writ.untrusted', (scene) =>
        authoriseDirectly(scene.house, stranger, wideTerms(scene.house)),
      ),
    ],
  },
  'writ.widened': {
    sort: 'action',
    cases: [
      actingUnder('a writ that is wider than the one above', 'writ.widened', widened),
      refusing('a request for what is not there to be given', 'writ.widened', async (scene) => {
        const parent = await standingWrit(scene);
        const { notAfter } = parent.writ.window;
        const later = { notBefore: notAfter + 1, notAfter: notAfter + 2 };
        return authoriseUnder(scene.house, parent, standing(scene, { window: later }));
      }),
    ],
  },
  'writ.not-yours': {
    sort: 'action',
    cases: [
      actingUnder('a writ for another', 'writ.not-yours', async (scene) => {
        const { house } = scene;
        return valueOf(await authoriseDirectly(house, house.owner, wideTerms(house), stranger.id));
      }),
    ],
  },
  'writ.revoked': {
    sort: 'action',
    cases: [
      proposing('an action whose writ has been revoked in its turn', 'writ.revoked', {
        during: (scene, { driven: { context } }) =>
          revokeStanding(signatoryOf(scene), { writ: context.writ, reason: 'test' }),
        turns: [momentThen('make')],
      }),
    ],
  },
  'writ.closed': {
    sort: 'run',
    cases: [
      {
        name: 'a run under a writ that is closed',
        recorded: [],
        run: async () => {
          const scene = await sceneOf();
          const { house } = scene;
          const below = await standingBelow(scene);
          const by = signatoryOf(scene, house.actor);
          valueOf(await closeStanding(by, { writ: below.id, reason: 'test' }));
          return shown(scene, 'writ.closed', () => authoriseUnder(house, below, wideTerms(house)));
        },
      },
    ],
  },
  'writ.in-use': {
    sort: 'run',
    cases: [
      {
        name: 'a run under a writ that a run acts under',
        recorded: [],
        run: async () => {
          const scene = await sceneOf();
          const { house } = scene;
          const authorised = valueOf(await authoriseDirectly(house, house.owner, standing(scene)));
          await startedOn(scene, [], { request: { authorised } });
          return shown(scene, 'writ.in-use', () =>
            authoriseUnder(house, authorised.writ, wideTerms(house)),
          );
        },
      },
    ],
  },
  'writ.expired': {
    sort: 'action',
    cases: [
      {
        name: 'an action after its time',
        recorded: ['proposal.rejected'],
        run: async () => {
          const scene = await sceneOf();
          const { context } = (await startedOn(scene, [], { terms: { window } })).driven;
          scene.clock.ms += 1;
          return shown(scene, 'writ.expired', () => submitted(context));
        },
      },
    ],
  },
  'writ.early': {
    sort: 'action',
    cases: [
      proposing('an action before its time', 'writ.early', {
        terms: { window: { notBefore: 1_000_001, notAfter: 2_000_000 } },
        turns: [call('make')],
      }),
    ],
  },
  'writ.not-granted': {
    sort: 'action',
    cases: [
      proposing('a capability that the writ does not name', 'writ.not-granted', {
        terms: { grants: [{ capability: 'look', where: [] }] },
        turns: [call('make')],
      }),
    ],
  },
  'writ.out-of-scope': {
    sort: 'action',
    cases: [
      proposing('an argument outside the grant', 'writ.out-of-scope', {
        terms: {
          grants: [{ capability: 'make', where: [{ arg: 'path', op: 'under', value: 'src' }] }],
        },
        turns: [call('make', { path: 'docs/a.md' })],
      }),
    ],
  },
  'writ.effect-exceeded': {
    sort: 'action',
    cases: [
      proposing('an effect beyond the ceiling', 'writ.effect-exceeded', {
        terms: { effects: ['read', 'write'] },
        turns: [call('send')],
      }),
    ],
  },
};
