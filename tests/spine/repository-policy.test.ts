import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { type Bundle } from '@chancery/kernel/policy';
import { Authority, activatePolicy } from '@chancery/runtime/authority';
import {
  bundleOf,
  houseOf,
  modelOf,
  permitEverything,
  poison,
  rule,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

const forbidding: Bundle = {
  ...bundleOf({ all: rule('permit'), no: rule('forbid', 'make') }),
  ...{ name: 'shop', level: 'repository' as const },
};

function activating({ store, ledger, clock, owner }: TestHouse, repository?: string) {
  const authority = new Authority(store, ledger);
  const signatory = { store, ledger, clock, authority, by: owner };
  return activatePolicy(signatory, forbidding, { repository });
}

async function scene() {
  const make = poison('make', 'write');
  const house = await houseOf({
    ...{ store: new MemoryStore(), capabilities: [make], bundle: permitEverything },
  });
  const run = async (): Promise<string | null> => {
    const held = await startTestRun(house, modelOf([call('make'), { say: 'done' }]));
    await driving(held);
    const { started } = held.driven.context.trajectory;
    return started?.workspace.repository ?? null;
  };
  return { house, make, run };
}

describe('a policy of one repository', () => {
  it('counts for the runs on that one, and for no others', async () => {
    const { house, make, run } = await scene();
    const here = (await run()) ?? '';
    expect(make.taken()).toBe(1);
    expect((await activating(house, `${here}-of-another`)).ok).toBe(true);
    await run();
    expect(make.taken()).toBe(2);
    expect((await activating(house, here)).ok).toBe(true);
    await run();
    expect(make.taken()).toBe(2);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is another one for another repository, and everywhere one that is for none', async () => {
    const { house, make, run } = await scene();
    const [first, again, moved, all] = [
      await activating(house, '/elsewhere'),
      await activating(house, '/elsewhere'),
      await activating(house, '/moved'),
      await activating(house),
    ];
    expect([first.ok && first.value, again, moved.ok && moved.value, all.ok && all.value]).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      { ok: true, value: null },
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    await run();
    expect(make.taken()).toBe(0);
    expect(await findingsOf(house)).toEqual([]);
  });
});
