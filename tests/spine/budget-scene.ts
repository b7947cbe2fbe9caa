import type { Scheduler } from 'fast-check';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Amounts } from '@chancery/kernel/account';
import type { Digest } from '@chancery/kernel/encoding';
import type { AppendOutcome, SealedBatch } from '@chancery/kernel/ledger';
import { done, RefusalError } from '@chancery/kernel/refusal';
import type { ReadWrit } from '@chancery/kernel/writ';
import { closeStanding, revokeStanding } from '@chancery/runtime/authority';
import { resolveDoubt, type Capability, type Execution } from '@chancery/runtime/broker';
import type { Model, ModelEvent } from '@chancery/runtime/cognition';
import {
  abandon,
  authoriseUnder,
  drive,
  issueStanding,
  resumeRun,
  startRun,
  type HeldRun,
} from '@chancery/runtime/drive';
import {
  capabilityOf,
  HandClock,
  houseOf,
  MemoryWorkspace,
  wideTerms,
  type TestHouse,
} from '@chancery/testkit/house';
import {
  asking,
  capabilityNames,
  estimate,
  type CapabilityName,
  type Death,
  type Deed,
  type Move,
  type Plan,
  type Saying,
} from './budget-plan.ts';

/** A store whose process dies at one of its appends, and whose batches come in the order of a scheduler. */
class MortalStore extends MemoryStore {
  readonly batches: SealedBatch[] = [];
  private readonly scheduler: Scheduler;
  private death: Death | undefined;
  private appends = 0;
  private dead = false;

  constructor(scheduler: Scheduler) {
    super();
    this.scheduler = scheduler;
  }

  /** Begins another life. */
  live(death: Death | undefined): void {
    this.death = death;
    this.appends = 0;
    this.dead = false;
  }

  override async append(batch: SealedBatch): Promise<AppendOutcome> {
    await this.scheduler.schedule(Promise.resolve());
    if (this.dead) throw new Killed();
    const dies = this.death?.at === this.appends;
    this.appends += 1;
    this.dead = dies;
    if (dies && this.death?.durable !== true) throw new Killed();
    const outcome = await super.append(batch);
    if (outcome.kind === 'appended') this.batches.push(batch);
    if (dies) throw new Killed();
    return outcome;
  }
}

class Killed extends Error {
  override name = 'Killed';
}

/** Takes the members of a list one after the other, and then from the start again. */
function inTurn<T>(list: readonly T[]): () => T {
  let next = 0;
  return () => {
    const taken = list[next % list.length];
    next += 1;
    if (taken === undefined) throw new Error('the list is empty');
    return taken;
  };
}

/** Everything that outlives the process: files, models, the clock, and what was planned. */
export class Scene {
  readonly store: MortalStore;
  private readonly plan: Plan;
  private readonly clock = new HandClock();
  private readonly workspaces = new Map<string, MemoryWorkspace>();
  private readonly models = new Map<string, Model>();
  private readonly standing: ReadWrit[] = [];
  private readonly capabilities: readonly Capability[];
  private readonly nextFate: () => Plan['fates'][number];
  private readonly nextWord: () => boolean | null;
  private names = 0;

  constructor(plan: Plan, scheduler: Scheduler) {
    this.plan = plan;
    this.store = new MortalStore(scheduler);
    const nextDeed = inTurn(plan.deeds);
    this.capabilities = capabilityNames.map((name) => acting(name, nextDeed, this.clock));
    this.nextFate = inTurn(plan.fates);
    this.nextWord = inTurn(plan.words);
  }

  /** Lives the whole plan; gives the ledger, as the last process has it. */
  async live(): Promise<TestHouse> {
    this.store.live(undefined);
    const first = await this.house();
    const { owner, actor } = first;
    const delegation = { depth: 4, children: 40 };
    const terms = wideTerms(first, { budget: this.plan.root, delegation });
    const request = { issuer: owner, subject: actor.id, parent: null, terms };
    const root = await issueStanding(first, request);
    if (!root.ok) throw new RefusalError(root.refusal);
    this.standing.push(root.value);
    this.store.live(this.plan.deaths[0]);
    await Promise.all(this.plan.hands.map((moves) => this.hand(first, moves)));
    for (const [index] of this.plan.deaths.entries()) {
      this.store.live(this.plan.deaths[index + 1]);
      await this.takeUp(await this.house());
    }
    this.store.live(undefined);
    return this.house();
  }

  private async house(): Promise<TestHouse> {
    const { store, clock, capabilities } = this;
    const workspace = (run: string): MemoryWorkspace => {
      const kept = this.workspaces.get(run) ?? new MemoryWorkspace(run);
      this.workspaces.set(run, kept);
      return kept;
    };
    const house = await houseOf({ store, clock, capabilities, workspace });
    const retry = { ...house.retry, firstDelayMs: 0, maxDelayMs: 0 };
    return { ...house, retry, newName: () => `n${(this.names += 1)}` };
  }

  private async hand(house: TestHouse, moves: readonly Move[]): Promise<void> {
    for (const move of moves) {
      if (await survives(this.make(house, move))) continue;
      return;
    }
  }

  private async make(house: TestHouse, move: Move): Promise<void> {
    switch (move.move) {
      case 'carve':
        return this.carve(house, move.under, move.budget);
      case 'run':
        return this.run(house, move);
      case 'close':
        await closeStanding({ ...house, by: house.owner }, this.ending(move.writ));
        return;
      case 'revoke':
        await revokeStanding({ ...house, by: house.owner }, this.ending(move.writ));
    }
  }

  private ending(writ: number): { readonly writ: Digest; readonly reason: string } {
    return { writ: this.writ(writ).id, reason: 'the plan says so' };
  }

  private writ(index: number): ReadWrit {
    const found = this.standing[index % this.standing.length];
    if (found === undefined) throw new Error('there is no writ');
    return found;
  }

  private async carve(house: TestHouse, under: number, budget: Amounts): Promise<void> {
    const { actor } = house;
    const terms = wideTerms(house, { budget, delegation: { depth: 4, children: 10 } });
    const parent = this.writ(under);
    const carved = await issueStanding(house, { issuer: actor, subject: actor.id, parent, terms });
    if (carved.ok) this.standing.push(carved.value);
  }

  private async run(
    house: TestHouse,
    { under, budget, sayings }: Extract<Move, { move: 'run' }>,
  ): Promise<void> {
    const terms = wideTerms(house, { budget });
    const authorised = await authoriseUnder(house, this.writ(under), terms);
    if (!authorised.ok) return;
    const model = saying(sayings);
    this.models.set(authorised.value.writ.id, model);
    const held = await startRun(house, {
      ...{ task: 'a task', repository: '/memory', allowDirty: false, why: 'test' },
      ...{ model, authorised: authorised.value, gates: [], readable: [], protectedPaths: [] },
      limits: { ...limits, outputTokens: asking.outputTokens },
      riskThreshold: 'critical',
    });
    if (held.ok) await this.driving(house, held.value);
  }

  /**
   * Drives a run, with a human who now and then looks at what is in doubt, and gives up on a run at
   * some time: one whose every attempt ends in doubt, and has not happened, costs nothing for ever.
   */
  private async driving(house: TestHouse, held: HeldRun): Promise<void> {
    for (let looks = 0; looks <= patience; looks += 1) {
      const end = await drive(held.driven, {
        stop: new AbortController().signal,
        rest: () => Promise.resolve(),
        waitForHumans: false,
      });
      const happened = end.kind === 'in-doubt' ? this.nextWord() : null;
      if (end.kind !== 'in-doubt' || happened === null) return;
      const word = { happened, evidence: 'a look', by: house.owner };
      await resolveDoubt(held.driven.context, end.action, word);
    }
  }

  /** What another process does with the runs that it finds. */
  private async takeUp(house: TestHouse): Promise<void> {
    const streams = await this.store.streams('run:');
    await Promise.all(
      streams.map(({ stream }) => survives(this.takeUpOne(house, stream.slice('run:'.length)))),
    );
  }

  private async takeUpOne(house: TestHouse, run: string): Promise<void> {
    const fate = this.nextFate();
    if (fate === 'abandon') await abandon(house, run, 'its files are gone');
    if (fate !== 'resume') return;
    const held = await resumeRun(house, {
      run,
      readable: [],
      modelOf: ({ writ }) => Promise.resolve(done(this.models.get(writ) ?? saying([]))),
    });
    if (held.ok) await this.driving(house, held.value);
  }
}

/** How often a human looks at what is in doubt in one life of a run. */
const patience = 8;

const limits = { turns: 6, wallMs: 3_600_000, retries: 2, approvalMs: 60_000 } as const;

/** Whether what was done came to its end before the process died. */
async function survives(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

function acting(name: CapabilityName, nextDeed: () => Deed, clock: HandClock): Capability {
  const effect = { look: 'read', write: 'write', send: 'external', mail: 'external' } as const;
  const answers = ['happened', 'did-not-happen', 'unknown'] as const;
  const nextAnswer = inTurn(answers);
  return capabilityOf({
    name,
    effect: effect[name],
    estimate,
    execute: () => perform(nextDeed(), clock),
    ...(name === 'send'
      ? {
          reconcile: () =>
            Promise.resolve({ kind: nextAnswer(), evidence: 'a look', observation: {} }),
        }
      : {}),
  });
}

async function perform(deed: Deed, clock: HandClock): Promise<Execution> {
  await Promise.resolve();
  const { ends, cpuMs, bytesOut, lastsMs } = deed;
  clock.ms += lastsMs;
  const used = { cpuMs, bytesOut };
  if (ends === 'throws') throw new Error('it broke');
  if (ends !== 'done') {
    return { kind: 'failed', failure: { class: ends, code: 'test', message: '' }, used };
  }
  return { kind: 'done', observation: {}, delta: [], used, changed: [] };
}

const free = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 };

/** A model that says these, and then that it is done. A token costs one micro-USD. */
function saying(sayings: readonly Saying[]): Model {
  let asked = 0;
  return {
    id: 'test:plan',
    price: {
      inputMicrousd: 1_000_000,
      cachedInputMicrousd: 500_000,
      outputMicrousd: 1_000_000,
      source: 'test',
    },
    estimateTokens: () => asking.inputTokens,
    async *stream(): AsyncGenerator<ModelEvent> {
      await Promise.resolve();
      const said = sayings[asked];
      asked += 1;
      if (said === undefined) {
        yield { type: 'finished', stop: 'end', usage: free };
      } else if (said.does === 'fail') {
        const code = said.usage === undefined ? 'cut-off' : 'overloaded';
        const failure = { code, message: '', retryAfterMs: undefined } as const;
        yield { type: 'failed', failure: { ...failure, class: said.failure }, usage: said.usage };
      } else {
        for (const [index, name] of said.names.entries()) {
          yield { type: 'call', call: { id: `c${asked}.${index}`, name, args: {} } };
        }
        yield { type: 'finished', stop: 'calls', usage: said.usage };
      }
    },
  };
}
