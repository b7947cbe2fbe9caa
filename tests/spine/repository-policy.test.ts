import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Bundle } from '@chancery/kernel/policy';
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

const forbidding = (name: string): Bundle => ({
  ...bundleOf({ [`${name}-all`]: rule('permit'), [`${name}-no`]: rule('forbid', 'make') }),
  ...{ name, level: 'repository' as const },
});

function activating(
  { store, ledger, clock, owner }: TestHouse,
  repository?: string,
  name = 'shop',
) {
  const authority = new Authority(store, ledger);
  const signatory = { store, ledger, clock, authority, by: owner };
  return activatePolicy(signatory, forbidding(name), { repository });
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
    expect((await activating(house, here, 'here')).ok).toBe(true);
    await run();
    expect(make.taken()).toBe(2);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is of one place alone: under its name there is none for another', async () => {
    const { house, make, run } = await scene();
    const [first, again, moved, all] = [
      await activating(house, '/elsewhere'),
      await activating(house, '/elsewhere'),
      await activating(house, '/moved'),
      await activating(house),
    ];
    expect(first.ok && first.value).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toEqual({ ok: true, value: null });
    for (const refused of [moved, all]) {
      expect(refused).toMatchObject({
        ok: false,
        refusal: {
          code: 'policy.invalid',
          message: 'shop of the level repository decides on /elsewhere already',
        },
      });
    }
    expect((await activating(house, undefined, 'everywhere')).ok).toBe(true);
    expect(await activating(house, '/elsewhere', 'everywhere')).toMatchObject({
      refusal: {
        code: 'policy.invalid',
        message: 'everywhere of the level repository decides on every repository already',
      },
    });
    await run();
    expect(make.taken()).toBe(0);
    expect(await findingsOf(house)).toEqual([]);
  });
});
