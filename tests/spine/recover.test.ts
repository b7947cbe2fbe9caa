import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { type LedgerStore } from '@chancery/kernel/ledger';
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
