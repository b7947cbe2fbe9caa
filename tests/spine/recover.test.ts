import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Effect } from '@chancery/kernel/contract';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { refusal } from '@chancery/kernel/refusal';
import { verifyLedger, type Finding } from '@chancery/kernel/replay';
import { abandon } from '@chancery/runtime/drive';
import { resolveDoubt, type Capability } from '@chancery/runtime/broker';
import {
  capabilityOf,
  houseOf,
  modelOf,
  observed,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, kindsOf, takenUp } from './drive.ts';

const model = modelOf([call('send'), { say: 'sent' }]);

/** A store that dies when it is to begin an attempt, for the first time that this comes. */
function dyingAt(attempt: number): LedgerStore {
  const store = new MemoryStore();
  const append = store.append.bind(store);
  let died = false;
  store.append = async (batch) => {
    const begins = batch.entries.some(
      ({ entry }) => entry.kind === 'execution.started' && entry.body.attempt === attempt,
    );
    if (begins && !died) {
      died = true;
      throw new Error('killed');
    }
    return append(batch);
  };
  return store;
}

async function findings({ store, ledger }: TestHouse): Promise<readonly Finding[]> {
  const stored = await store.readAll(0, 10_000);
  const heads = (await store.streams('')).map(({ stream, head }) => [stream, head] as const);
  return verifyLedger(ledger, [stored], new Map(heads)).findings;
}

/** Throws at its first execution, so that nobody knows what it did. */
function unsure(reconcile?: Capability['reconcile']): Capability {
  let times = 0;
  return capabilityOf({
    name: 'send',
    effect: 'external',
    execute: () => {
      times += 1;
      return times === 1 ? Promise.reject(new Error('cut')) : Promise.resolve(observed({ times }));
    },
    reconcile,
  });
}

const afterFirst = (house: TestHouse): readonly string[] => {
  const kinds = kindsOf(house);
  return kinds.slice(kinds.indexOf('execution.started') + 1);
};

describe('an execution that is found not to have happened', () => {
  it('runs again, and is found so once, although its process is killed again', async () => {
    const house = await houseOf({ store: dyingAt(2), capabilities: [unsure()] });
    const held = await startTestRun(house, model);
    const rest = await driving(held);
    const action = rest.kind === 'in-doubt' ? rest.action : '';
    const word = { happened: false, evidence: 'I looked', by: house.owner };
    await expect(resolveDoubt(held.driven.context, action, word)).rejects.toThrow('killed');
    const end = await driving(await takenUp(house, held));
    expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
    expect(afterFirst(house)).toEqual([
      ...[
        'execution.in-doubt',
        'execution.reconciled',
        'proposal.staged',
        'execution.started',
        'commit',
      ],
      'turn.finished',
      ...['turn.started', 'model.requested', 'model.responded', 'turn.finished'],
      'run.finished',
    ]);
    expect(await findings(house)).toEqual([]);
  });

  it('has failed where the run is given up before it runs again', async () => {
    const house = await houseOf({ store: dyingAt(2), capabilities: [unsure()] });
    const held = await startTestRun(house, model);
    const rest = await driving(held);
    const action = rest.kind === 'in-doubt' ? rest.action : '';
    const word = { happened: false, evidence: 'I looked', by: house.owner };
    await expect(resolveDoubt(held.driven.context, action, word)).rejects.toThrow('killed');
    const run = held.driven.context.stream.slice('run:'.length);
    expect((await abandon(house, run, 'its files are gone')).ok).toBe(true);
    expect(kindsOf(house).slice(-2)).toEqual(['execution.failed', 'run.finished']);
    expect(await findings(house)).toEqual([]);
  });

  it('is not believed of a key that may not approve', async () => {
    const house = await houseOf({ store: new MemoryStore(), capabilities: [unsure()] });
    const held = await startTestRun(house, model);
    const rest = await driving(held);
    const action = rest.kind === 'in-doubt' ? rest.action : '';
    const before = kindsOf(house);
    const word = { happened: false, evidence: 'I looked', by: house.actor };
    await expect(resolveDoubt(held.driven.context, action, word)).rejects.toMatchObject({
      refusal: { code: 'approval.not-approver' },
    });
    expect(kindsOf(house)).toEqual(before);
  });

  it('does not run again by a word that nobody has signed', async () => {
    const house = await houseOf({ store: new MemoryStore(), capabilities: [unsure()] });
    const held = await startTestRun(house, model);
    const rest = await driving(held);
    const action = rest.kind === 'in-doubt' ? rest.action : '';
    const { context } = held.driven;
    const { stream, trajectory, journal } = context;
    const body = { action, happened: false, evidence: 'forged', word: null };
    const cause = trajectory.executions.get(action)?.told ?? null;
    await journal.append(new Map([[stream, trajectory.head]]), [
      { stream, kind: 'execution.reconciled', body, cause },
    ]);
    const again = driving(await takenUp(house, held));
    await expect(again).rejects.toMatchObject({ refusal: { code: 'ledger.corrupt' } });
  });

  it('has failed when it may not happen any more, and costs nothing', async () => {
    let forbidden = false;
    const send: Capability = {
      ...unsure(),
      checkPreconditions: () =>
        forbidden ? refusal('precondition.failed', 'not any more') : undefined,
    };
    const house = await houseOf({ store: new MemoryStore(), capabilities: [send] });
    const held = await startTestRun(house, model);
    const rest = await driving(held);
    const action = rest.kind === 'in-doubt' ? rest.action : '';
    forbidden = true;
    const word = { happened: false, evidence: 'I looked', by: house.owner };
    const { trajectory } = held.driven.context;
    const before = trajectory.spent;
    expect(await resolveDoubt(held.driven.context, action, word)).toEqual({
      kind: 'failed',
      failure: { class: 'terminal', code: 'precondition.failed', message: 'not any more' },
    });
    expect(trajectory.spent).toEqual(before);
    await driving(held);
    expect(await findings(house)).toEqual([]);
  });
});

describe('an effect that was lost', () => {
  /** Loses every answer; asked what became of it, it answers so. */
  const lost = (reconcile: Capability['reconcile'], effect: Effect = 'external'): Capability =>
    capabilityOf({
      name: 'send',
      effect,
      execute: () => Promise.reject(new Error('cut')),
      reconcile,
    });

  async function after(capability: Capability): Promise<TestHouse> {
    const house = await houseOf({ store: new MemoryStore(), capabilities: [capability] });
    await driving(await startTestRun(house, model));
    expect(await findings(house)).toEqual([]);
    return house;
  }

  it('is committed where its capability knows that it happened', async () => {
    const reconcile = () =>
      Promise.resolve({ kind: 'happened', evidence: 'seen', observation: { id: 7 } } as const);
    const house = await after(lost(reconcile));
    expect(afterFirst(house).slice(0, 3)).toEqual([
      'execution.reconciled',
      'commit',
      'turn.finished',
    ]);
    const told = house.seen.find(({ entry }) => entry.kind === 'execution.reconciled');
    expect(told?.entry.body).toMatchObject({ happened: true, evidence: 'seen', word: null });
  });

  it.each<readonly [what: string, reconcile: Capability['reconcile']]>([
    [
      'is believed not to have happened: it may be on its way',
      () => Promise.resolve({ kind: 'did-not-happen', evidence: 'not seen' }),
    ],
    ['cannot be told of', () => Promise.resolve({ kind: 'unknown', evidence: 'who knows' })],
    ['is asked for in vain', () => Promise.reject(new Error('cut as well'))],
    [
      'is told of in what cannot be recorded',
      () =>
        Promise.resolve({
          kind: 'happened',
          evidence: 'seen',
          observation: { half: 0.5 } as never,
        }),
    ],
    ['has nobody to ask', undefined],
  ])('is left to a human where it %s', async (_what, reconcile) => {
    const house = await after(lost(reconcile));
    expect(afterFirst(house)).toEqual(['execution.in-doubt']);
  });

  it('is not asked for where it stayed on the machine', async () => {
    let asked = 0;
    const reconcile = () => {
      asked += 1;
      return Promise.resolve({ kind: 'happened', evidence: '', observation: {} } as const);
    };
    const house = await after(lost(reconcile, 'write'));
    expect(afterFirst(house)[0]).toBe('execution.failed');
    expect(asked).toBe(0);
  });
});

describe('an effect whose end was lost with its process', () => {
  /** A store that dies when it is to take the first commit. */
  function dyingAtCommit(): LedgerStore {
    const store = new MemoryStore();
    const append = store.append.bind(store);
    let died = false;
    store.append = async (batch) => {
      const isCommit = batch.entries.some(({ entry }) => entry.kind === 'commit');
      if (!isCommit || died) return append(batch);
      died = true;
      throw new Error('killed');
    };
    return store;
  }

  it.each([
    { mayHappen: true, asked: 1, then: ['execution.reconciled', 'commit'] },
    { mayHappen: false, asked: 0, then: ['execution.in-doubt'] },
  ])(
    'is asked for $asked times where it may happen still: $mayHappen',
    async ({ mayHappen, asked, then }) => {
      let [times, isForbidden] = [0, false];
      const send: Capability = {
        ...capabilityOf({
          name: 'send',
          effect: 'external',
          execute: () => Promise.resolve(observed({})),
          reconcile: () => {
            times += 1;
            return Promise.resolve({ kind: 'happened', evidence: 'seen', observation: {} });
          },
        }),
        checkPreconditions: () =>
          isForbidden ? refusal('precondition.failed', 'not any more') : undefined,
      };
      const house = await houseOf({ store: dyingAtCommit(), capabilities: [send] });
      const held = await startTestRun(house, model);
      await expect(driving(held)).rejects.toThrow('killed');
      isForbidden = !mayHappen;
      await driving(await takenUp(house, held));
      expect(times).toBe(asked);
      expect(afterFirst(house).slice(0, then.length)).toEqual(then);
      expect(await findings(house)).toEqual([]);
    },
  );
});

describe('a capability that does not end when it is told to', () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const endless = (effect: Effect, reconcile?: Capability['reconcile']): Capability => {
    const capability = capabilityOf({ name: 'send', effect, execute: never, reconcile });
    const limits = { ...capability.contract.limits, timeoutMs: 1_000 };
    return { ...capability, contract: { ...capability.contract, limits } };
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<readonly [effect: Effect, kind: string, reconcile: Capability['reconcile']]>([
    ['write', 'execution.failed', undefined],
    ['external', 'execution.in-doubt', undefined],
    ['external', 'execution.in-doubt', never],
  ])('is not waited for where it is %s: %s', async (effect, kind, reconcile) => {
    const house = await houseOf({
      store: new MemoryStore(),
      capabilities: [endless(effect, reconcile)],
    });
    const over = driving(await startTestRun(house, model));
    const late = Symbol('late');
    const passing = vi.advanceTimersByTimeAsync(60_000).then(() => late);
    expect(await Promise.race([over, passing])).not.toBe(late);
    const end = house.seen.find(({ entry }) => entry.kind === kind);
    expect(JSON.stringify(end?.entry.body)).toContain('did not end when it was told to');
    expect(await findings(house)).toEqual([]);
  });
});
