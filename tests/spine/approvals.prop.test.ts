import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Signer } from '@chancery/kernel/encoding';
import { done } from '@chancery/kernel/refusal';
import {
  activatePolicy,
  Authority,
  recordSayings,
  sayRetirement,
  sayTrust,
} from '@chancery/runtime/authority';
import { recordVote, resolveDoubt, type Capability } from '@chancery/runtime/broker';
import type { DriveEnd, HeldRun } from '@chancery/runtime/drive';
import { signerFrom } from '@chancery/testkit/builders';
import {
  bundleOf,
  capabilityOf,
  HandClock,
  houseOf,
  modelOf,
  observed,
  rule,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { cases } from '@chancery/testkit/properties';
import { call, driving, findingsOf, takenUp } from './drive.ts';

const approvers = [signerFrom(7), signerFrom(8)];
const minuteMs = 60_000;

/** What policy may come to say of sending, while it is asked about. */
const policies = {
  one: { hold: 'desk' },
  two: { hold: 'desk', quorum: '2' },
  elsewhere: { hold: 'lead' },
  none: undefined,
} as const;

function policyOf(asks: keyof typeof policies) {
  const annotations = policies[asks];
  return bundleOf({
    all: rule('permit'),
    ...(annotations === undefined ? {} : { ask: rule('forbid', 'send', annotations) }),
  });
}

/** A run that sends twice, and what happens to it from outside. */
class Scene {
  readonly house: TestHouse;
  private readonly clock: HandClock;
  private held: HeldRun;
  private end: DriveEnd | undefined;
  private readonly world: World;

  private constructor(house: TestHouse, clock: HandClock, held: HeldRun, world: World) {
    this.house = house;
    this.clock = clock;
    this.held = held;
    this.world = world;
  }

  static async open(): Promise<Scene> {
    const clock = new HandClock();
    const world: World = { facts: 0, cuts: 0 };
    const capabilities = [sending(world)];
    const store = new MemoryStore();
    const house = await houseOf({ store, capabilities, bundle: policyOf('one'), clock });
    const turns = [call('send', { to: 'a' }), call('send', { to: 'b' }), { say: 'done' }];
    const limits = { turns: 9, retries: 4, outputTokens: 1_000, approvalMs: 30 * minuteMs };
    const held = await startTestRun(house, modelOf(turns), {
      limits: { ...limits, wallMs: 24 * 60 * minuteMs },
    });
    const scene = new Scene(house, clock, held, world);
    for (const approver of approvers) await scene.trust(approver);
    return scene;
  }

  async drive(): Promise<void> {
    if (this.end?.kind !== 'finished') this.end = await driving(this.held);
  }

  async takeUp(): Promise<void> {
    if (this.end?.kind !== 'finished') this.held = await takenUp(this.house, this.held);
  }

  async vote(voter: Signer, vote: 'grant' | 'deny'): Promise<void> {
    const action = this.end?.kind === 'held' ? this.end.action : '';
    await recordVote(this.house, {
      ...{ action, vote, voter },
      ...{ reason: 'so', proposer: this.house.actor.id },
    });
  }

  async tell(happened: boolean): Promise<void> {
    if (this.end?.kind !== 'in-doubt') return;
    const word = { happened, evidence: 'looked', by: this.house.owner };
    await resolveDoubt(this.held.driven.context, this.end.action, word);
    this.end = undefined;
  }

  async decideBy(asks: keyof typeof policies): Promise<void> {
    await activatePolicy({ ...this.speaking(), by: this.house.owner }, policyOf(asks));
  }

  async trust({ id: key }: Signer): Promise<void> {
    const saying = sayTrust({ key, label: 'x', purposes: ['approve'] });
    await recordSayings(this.speaking(), saying, [this.house.owner]);
  }

  async retire({ id: key }: Signer): Promise<void> {
    await recordSayings(this.speaking(), sayRetirement({ key, reason: 'left' }), [
      this.house.owner,
    ]);
  }

  wait(minutes: number): void {
    this.clock.ms += minutes * minuteMs;
  }

  changeFacts(): void {
    this.world.facts += 1;
  }

  cutNext(): void {
    this.world.cuts += 1;
  }

  private speaking() {
    const { store, ledger } = this.house;
    return { store, ledger, clock: this.clock, authority: new Authority(store, ledger) };
  }
}

interface World {
  /** What an action was normalised by: another value makes it another action. */
  facts: number;
  /** How many executions from here on nobody knows the end of. */
  cuts: number;
}

function sending(world: World): Capability {
  const capability = capabilityOf({
    name: 'send',
    effect: 'external',
    execute: () => {
      if (world.cuts === 0) return Promise.resolve(observed({}));
      world.cuts -= 1;
      return Promise.reject(new Error('cut'));
    },
  });
  return {
    ...capability,
    normalise: async (args, context) => {
      const made = await capability.normalise(args, context);
      return made.ok ? done({ ...made.value, resolved: { facts: world.facts } }) : made;
    },
  };
}

type Step = readonly [string, (scene: Scene) => Promise<void> | void];

const who = fc.constantFrom(...approvers.map((approver, index) => [index, approver] as const));

const steps: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.constant<Step>(['drive', (scene) => scene.drive()]), weight: 6 },
  {
    arbitrary: fc.constant<Step>([
      'all grant',
      async (scene) => {
        for (const approver of approvers) await scene.vote(approver, 'grant');
        await scene.drive();
      },
    ]),
    weight: 3,
  },
  fc
    .tuple(who, fc.constantFrom('grant' as const, 'grant' as const, 'deny' as const))
    .map<Step>(([[at, by], vote]) => [`${vote} ${at}`, (scene) => scene.vote(by, vote)]),
  fc.constantFrom(1, 20, 40).map<Step>((minutes) => [`wait ${minutes}`, (on) => on.wait(minutes)]),
  who.map<Step>(([at, key]) => [`retire ${at}`, (scene) => scene.retire(key)]),
  who.map<Step>(([at, key]) => [`trust ${at}`, (scene) => scene.trust(key)]),
  fc.constant<Step>(['other facts', (scene) => scene.changeFacts()]),
  { arbitrary: fc.constant<Step>(['cut', (scene) => scene.cutNext()]), weight: 2 },
  fc.constant<Step>(['take up', (scene) => scene.takeUp()]),
  {
    arbitrary: fc.boolean().map<Step>((so) => [`tell ${so}`, (scene) => scene.tell(so)]),
    weight: 2,
  },
  fc
    .constantFrom(...(Object.keys(policies) as (keyof typeof policies)[]))
    .map<Step>((asks) => [`policy ${asks}`, (scene) => scene.decideBy(asks)]),
);

const story = fc.array(steps, { minLength: 3, maxLength: 14 });

async function findingsAfter(told: readonly Step[]) {
  const scene = await Scene.open();
  await scene.drive();
  for (const [, take] of told) await take(scene);
  await scene.drive();
  return findingsOf(scene.house);
}

describe('an honest run that waits for humans', () => {
  it('verifies clean, whatever is held, answered, released and tried again in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        expect(await findingsAfter(told)).toEqual([]);
      }),
      cases(40),
    );
  });

  it('verifies clean where what was answered is another action by then, and nobody is left to ask', async () => {
    const scene = await Scene.open();
    await scene.drive();
    await scene.vote(approvers[0] as Signer, 'deny');
    scene.changeFacts();
    await scene.decideBy('two');
    await scene.retire(approvers[0] as Signer);
    await scene.retire(approvers[1] as Signer);
    await scene.drive();
    const codes = scene.house.seen.flatMap(({ entry }) =>
      entry.kind === 'proposal.rejected' ? [entry.body.refusal.code] : [],
    );
    expect(codes).toContain('approval.unreachable');
    expect(await findingsOf(scene.house)).toEqual([]);
  });

  it('verifies clean where policy holds it no more, and who granted it has left', async () => {
    const scene = await Scene.open();
    scene.cutNext();
    await scene.drive();
    for (const by of approvers) await scene.vote(by, 'grant');
    await scene.drive();
    for (const by of approvers) await scene.retire(by);
    await scene.decideBy('none');
    await scene.tell(false);
    await scene.drive();
    const kinds = scene.house.seen.map(({ entry }) => entry.kind);
    expect(kinds.filter((kind) => kind === 'execution.started')).toHaveLength(3);
    expect(await findingsOf(scene.house)).toEqual([]);
  });
});
