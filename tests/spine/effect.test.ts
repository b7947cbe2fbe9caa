import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Effect } from '@chancery/kernel/contract';
import { openEntry } from '@chancery/kernel/ledger';
import type { Execution } from '@chancery/runtime/broker';
import {
  capabilityOf,
  HandClock,
  houseOf,
  MemoryWorkspace,
  modelOf,
  observed,
  startTestRun,
  type TestCapability,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

interface Scene {
  readonly test: Omit<TestCapability, 'name'>;
  readonly store?: MemoryStore;
  readonly clock?: HandClock;
  readonly change?: Partial<TestHouse>;
  readonly workspace?: MemoryWorkspace;
}

/** One call of one capability. */
async function acting({ test, store = new MemoryStore(), clock, change, workspace }: Scene) {
  const house = await houseOf({
    store,
    capabilities: [capabilityOf({ name: 'act', ...test })],
    ...(clock === undefined ? {} : { clock }),
    ...(workspace === undefined ? {} : { workspace: () => workspace }),
  });
  const model = modelOf([call('act'), { say: 'done' }]);
  await driving(await startTestRun({ ...house, ...change }, model));
  expect(await findingsOf(house)).toEqual([]);
  return house;
}

const bodyOf = (house: TestHouse, kind: string): unknown =>
  house.seen.findLast(({ entry }) => entry.kind === kind)?.entry.body;

describe('an effect of which nobody knows what it used', () => {
  it('pays all that it had reserved, and the time that it took where that is more', async () => {
    const clock = new HandClock();
    const estimate = { cpuMs: 40, wallMs: 50, bytesOut: 7 };
    const throwing = (tookMs: number): Scene['test'] => ({
      effect: 'write',
      estimate,
      execute: () => {
        clock.ms += tookMs;
        return Promise.reject(new Error('it broke'));
      },
    });
    const paid = { tokens: 0, costMicrousd: 0, calls: 1, ...estimate };
    const quick = await acting({ clock, test: throwing(1) });
    expect(bodyOf(quick, 'execution.failed')).toMatchObject({ cost: paid });
    const slow = await acting({ clock, test: throwing(60) });
    expect(bodyOf(slow, 'execution.failed')).toMatchObject({ cost: { ...paid, wallMs: 60 } });
  });

  it('is not one that tells what it used before it failed', async () => {
    const failure = { class: 'terminal', code: 'no', message: '' } as const;
    const execute = () => Promise.resolve({ kind: 'failed', failure, used: { cpuMs: 3 } } as const);
    const house = await acting({ test: { effect: 'write', estimate: { cpuMs: 40 }, execute } });
    expect(bodyOf(house, 'execution.failed')).toMatchObject({ cost: { cpuMs: 3, calls: 1 } });
  });
});

describe('before an effect begins', () => {
  /** Of an action whose capability is declared with the first of these effects. */
  async function kindsAtEffect(
    effects: readonly [Effect, ...Effect[]],
  ): Promise<readonly string[]> {
    const store = new MemoryStore();
    let kinds: readonly string[] = [];
    const execute = async (): Promise<Execution> => {
      kinds = (await store.readAll(0, 100)).map((stored) => openEntry(stored).entry.kind);
      return observed({});
    };
    await acting({ store, test: { effect: effects[0], effects, execute } });
    return kinds;
  }

  it.each([
    [['write']],
    [['external']],
    [['irreversible']],
    [['write', 'read']],
    [['external', 'pure']],
  ] as const)('its start is on the ledger where it is of %j', async (effects) => {
    expect((await kindsAtEffect(effects)).slice(-3)).toEqual([
      'intent.proposed',
      'proposal.staged',
      'execution.started',
    ]);
  });

  it.each([[['pure']], [['read']], [['pure', 'read']]] as const)(
    'nothing of it is where it is of %j alone: it can run again',
    async (effects) => {
      expect(await kindsAtEffect(effects)).not.toContain('execution.started');
    },
  );
});

describe('an output that breaks a promise of the contract', () => {
  const files = (): MemoryWorkspace => {
    const workspace = new MemoryWorkspace('r2');
    workspace.files.set('kept.txt', 'as it was');
    return workspace;
  };

  const spoiling =
    (workspace: MemoryWorkspace): TestCapability['execute'] =>
    () => {
      workspace.files.set('kept.txt', 'spoilt');
      return Promise.resolve(observed({ size: 'large' }));
    };

  it('fails where it does not fit the schema, and is undone', async () => {
    const workspace = files();
    const house = await acting({
      workspace,
      test: { effect: 'write', execute: spoiling(workspace) },
      change: {
        compileSchema: () => (value) =>
          'size' in (value as object) ? '/size is not an integer' : undefined,
      },
    });
    expect(bodyOf(house, 'execution.failed')).toMatchObject({
      failure: {
        ...{ class: 'unknown', code: 'output.invalid' },
        message: 'the output breaks its schema: /size is not an integer',
      },
    });
    expect([...workspace.files]).toEqual([['kept.txt', 'as it was']]);
  });

  it('fails where a post-condition does not hold, and is undone', async () => {
    const workspace = files();
    const house = await acting({
      workspace,
      test: {
        effect: 'write',
        execute: spoiling(workspace),
        checkPostconditions: (_args, { size }) => {
          const message = `the size is ${typeof size === 'string' ? size : ''}`;
          return { class: 'terminal', code: 'some.code', message };
        },
      },
    });
    expect(bodyOf(house, 'execution.failed')).toMatchObject({
      failure: { class: 'terminal', code: 'some.code', message: 'the size is large' },
    });
    expect([...workspace.files]).toEqual([['kept.txt', 'as it was']]);
  });
});

describe('what an action costs', () => {
  const used = { tokens: 7, costMicrousd: 11, cpuMs: 2, bytesOut: 3 };
  const cost = { ...used, calls: 1, wallMs: 5 };

  it.each([
    ['is done', 'commit', { ...observed({}), used }],
    [
      'has failed',
      'execution.failed',
      {
        kind: 'failed',
        failure: { class: 'terminal', code: 'some.code', message: 'no' },
        used,
      },
    ],
  ] as const)('is what it has used, when it %s', async (_, kind, execution) => {
    const clock = new HandClock();
    const house = await acting({
      clock,
      test: {
        effect: 'external',
        execute: () => {
          clock.ms += 5;
          return Promise.resolve<Execution>(execution);
        },
      },
    });
    expect(bodyOf(house, kind)).toMatchObject({ cost });
    const { spent } = bodyOf(house, 'run.finished') as { readonly spent: typeof cost };
    expect(spent).toMatchObject({ calls: 1, cpuMs: 2, bytesOut: 3 });
    expect(spent.tokens).toBeGreaterThanOrEqual(7);
    expect(spent.costMicrousd).toBeGreaterThanOrEqual(11);
    expect(spent.wallMs).toBeGreaterThanOrEqual(5);
  });
});
