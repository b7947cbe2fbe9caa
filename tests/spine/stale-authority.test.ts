import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Digest } from '@chancery/kernel/encoding';
import {
  openEntry,
  type AppendOutcome,
  type Draft,
  type Kind,
  type SealedBatch,
} from '@chancery/kernel/ledger';
import { activateBundle, policySetDigest, recordedActivation } from '@chancery/kernel/policy';
import {
  Authority,
  engageControl,
  recordSayings,
  revokeStanding,
  sayTrust,
  type Signatory,
} from '@chancery/runtime/authority';
import { readApproval } from '@chancery/runtime/broker';
import { authoriseDirectly, authoriseUnder, type HeldRun } from '@chancery/runtime/drive';
import { Journal } from '@chancery/runtime/journal';
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
import { call, driving, takenUp } from './drive.ts';
import { vote } from './vote.ts';

/** A store in which something happens in the moment before a batch with an entry of this kind. */
class MovingStore extends MemoryStore {
  kind: Kind | undefined;
  move: () => Promise<void> = () => Promise.resolve();
  /** What became of that batch. */
  outcome: AppendOutcome | undefined;

  override async append(batch: SealedBatch): Promise<AppendOutcome> {
    const meant = batch.entries.some(({ entry }) => entry.kind === this.kind);
    if (!meant) return super.append(batch);
    this.kind = undefined;
    await this.move();
    this.outcome = await super.append(batch);
    return this.outcome;
  }
}

const bundle = bundleOf({
  all: rule('permit'),
  ask: rule('forbid', 'send', { hold: 'human', quorum: '1' }),
});

const capabilities = [poison('look', 'read'), poison('make', 'write'), poison('send', 'external')];

interface Scene {
  readonly house: TestHouse;
  readonly store: MovingStore;
  readonly held: HeldRun;
  /** Of the run, and the one that it was carved out of. */
  readonly writ: Digest;
  readonly parent: Digest;
}

/** A run of one call, under a writ that was carved out of another. */
async function started(capability: string): Promise<Scene> {
  const store = new MovingStore();
  const house = await houseOf({ store, capabilities, bundle });
  const wide = wideTerms(house, { delegation: { depth: 1, children: 4 } });
  const above = await authoriseDirectly(house, house.owner, wide);
  if (!above.ok) throw new Error(above.refusal.message);
  const parent = above.value.writ;
  const authorised = await authoriseUnder(house, parent, wideTerms(house));
  if (!authorised.ok) throw new Error(authorised.refusal.message);
  const model = modelOf([call(capability), { say: 'done' }]);
  const held = await startTestRun(house, model, { authorised: authorised.value });
  return { house, store, held, writ: authorised.value.writ.id, parent: parent.id };
}

function signatory({ house }: Scene): Signatory {
  const { store, ledger, clock, owner } = house;
  return { store, ledger, clock, authority: new Authority(store, ledger), by: owner };
}

/** What can change while a decision is made, by the stream that it is on. */
const moves: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  ledger: (scene) => {
    const whom = { key: signerFrom(9).id, label: 'new', purposes: ['witness'] as const };
    return recordSayings(signatory(scene), sayTrust(whom), [scene.house.owner]);
  },
  // Of another run: what is decided must not be recorded all the same.
  control: (scene) =>
    engageControl(signatory(scene), { scope: 'run', run: 'another', mode: 'kill', reason: 'test' }),
  policy: async ({ house: { store, ledger, owner, clock } }) => {
    const head = await store.head('policy');
    const after = head?.digest ?? ledger;
    const policySet = policySetDigest([bundle]);
    const { body, blobs } = recordedActivation(
      activateBundle({ ledger, after, bundle, policySet, by: owner }),
    );
    const journal = new Journal({ store, ledger, by: owner.id, clock });
    const draft = { stream: 'policy', kind: 'policy.activated', body } as const;
    await journal.append(new Map([['policy', head]]), [draft], { blobs });
  },
  'its writ': (scene) => revokeStanding(signatory(scene), { writ: scene.writ, reason: 'test' }),
  'the writ above': (scene) =>
    revokeStanding(signatory(scene), { writ: scene.parent, reason: 'test' }),
};

const outcomes: readonly (readonly [string, string, Kind])[] = [
  ['an action that looks', 'look', 'commit'],
  ['an action that changes something', 'make', 'execution.started'],
  ['a refusal', 'none', 'proposal.rejected'],
  ['a hold', 'send', 'proposal.suspended'],
];

function streamOf(what: string, { writ, parent }: Scene): string {
  if (what === 'its writ') return `writ:${writ}`;
  return what === 'the writ above' ? `writ:${parent}` : what;
}

describe.each(Object.entries(moves))('when %s moves while it is decided', (what, move) => {
  it.each(outcomes)('%s is not recorded, and decided again', async (_, capability, kind) => {
    const scene = await started(capability);
    const { store, held, house } = scene;
    store.kind = kind;
    let taken = 0;
    store.move = async () => {
      taken = capabilities[1]?.taken() ?? 0;
      await move(scene);
    };
    const before = capabilities[1]?.taken();
    await driving(held);
    expect(store.outcome).toMatchObject({
      kind: 'conflict',
      conflict: { stream: streamOf(what, scene) },
    });
    expect(taken).toBe(before);
    const ends = ['commit', 'proposal.rejected', 'proposal.suspended'];
    expect(house.seen.filter(({ entry }) => ends.includes(entry.kind))).toHaveLength(1);
  });

  it('what a human has released is not carried out, and decided again', async () => {
    const scene = await started('send');
    const rest = await driving(scene.held);
    await vote(scene.house, rest.kind === 'held' ? rest.action : '', 'grant');
    const { store } = scene;
    store.kind = 'execution.started';
    store.move = async () => {
      await move(scene);
    };
    await driving(await takenUp(scene.house, scene.held));
    expect(store.outcome).toMatchObject({
      kind: 'conflict',
      conflict: { stream: streamOf(what, scene) },
    });
  });
});

it('what was released is not carried out when its approval moves meanwhile', async () => {
  const scene = await started('send');
  const { house, store } = scene;
  const rest = await driving(scene.held);
  const action = rest.kind === 'held' ? rest.action : '';
  await vote(house, action, 'grant');
  const { stream, head } = await readApproval(store, action);
  const said = (await store.read(stream, 0, 10)).map((stored) => openEntry(stored).entry);
  const again = said.find((entry) => entry.kind === 'approval.voted');
  if (again?.kind !== 'approval.voted') throw new Error('nobody has voted');
  const draft: Draft = { stream, kind: again.kind, body: again.body };
  store.kind = 'execution.started';
  store.move = async () => {
    const { ledger, owner, clock } = house;
    const journal = new Journal({ store, ledger, by: owner.id, clock });
    await journal.append(new Map([[stream, head]]), [draft]);
  };
  const taken = capabilities[2]?.taken();
  // The vote came after the end of the approval: nothing that was decided on it stands.
  await expect(driving(await takenUp(house, scene.held))).rejects.toThrow();
  expect(capabilities[2]?.taken()).toBe(taken);
  expect(store.outcome).toMatchObject({ kind: 'conflict', conflict: { stream } });
});
