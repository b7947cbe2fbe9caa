import { expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { engage as engageControl } from '@chancery/kernel/control';
import type { AppendOutcome, LedgerStore, SealedBatch } from '@chancery/kernel/ledger';
import { Journal } from '@chancery/runtime/journal';
import {
  HandClock,
  houseOf,
  MemoryWorkspace,
  modelOf,
  poison,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call } from '../spine/drive.ts';

/** A store on which somebody else engages a control before every start of a run. */
class RestlessStore extends MemoryStore {
  disturb: () => Promise<void> = () => Promise.resolve();

  override async append(batch: SealedBatch): Promise<AppendOutcome> {
    const starts = batch.entries.some(({ entry }) => entry.kind === 'run.started');
    if (starts) await this.disturb();
    return super.append(batch);
  }
}

/** Halts a run that nobody has. */
async function engage({ ledger, owner, clock }: TestHouse, store: LedgerStore): Promise<void> {
  const journal = new Journal({ store, ledger, by: owner.id, clock });
  const head = await store.head('control');
  const asked = { ledger, after: head?.digest ?? ledger, scope: 'run', run: 'nobody' } as const;
  const envelope = engageControl({ ...asked, mode: 'kill', reason: 'test' }, owner);
  const draft = { stream: 'control', kind: 'control.engaged', body: { envelope } } as const;
  await journal.append(new Map([['control', head]]), [draft]);
}

/** A workspace that says whether it was taken away again. */
class NotedWorkspace extends MemoryWorkspace {
  isGone = false;

  override dispose(): Promise<void> {
    this.isGone = true;
    return super.dispose();
  }
}

it('a run whose authority changes at every attempt to start it is refused, and leaves nothing', async () => {
  const store = new RestlessStore();
  const count = poison('count', 'external');
  const workspace = new NotedWorkspace('r1');
  const house = await houseOf({
    ...{ store, capabilities: [count], clock: new HandClock() },
    workspace: () => workspace,
  });
  let disturbances = 0;
  store.disturb = () => {
    disturbances += 1;
    return engage(house, store);
  };
  await expect(startTestRun(house, modelOf([call('count')]))).rejects.toMatchObject({
    refusal: { code: 'ledger.conflict', retryable: true },
  });
  expect(disturbances).toBeGreaterThan(1);
  expect(await store.streams('run:')).toEqual([]);
  expect(await store.streams('writ:')).toEqual([]);
  expect([workspace.isGone, count.taken()]).toEqual([true, 0]);
});

it('a run whose authority changes once while it is started begins under what stands then', async () => {
  const store = new RestlessStore();
  const house = await houseOf({ store, capabilities: [poison('count', 'external')] });
  let isFirst = true;
  store.disturb = async () => {
    if (isFirst) await engage(house, store);
    isFirst = false;
  };
  await startTestRun(house, modelOf([call('count')]));
  expect((await store.streams('run:')).map(({ head }) => head.seq)).toEqual([0]);
});
