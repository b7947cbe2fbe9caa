import { expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { refused } from '@chancery/kernel/refusal';
import type { House } from '@chancery/runtime/drive';
import { houseOf, modelOf, poison, startTestRun, type TestHouse } from '@chancery/testkit/house';
import { call, driving } from './drive.ts';

/** A house in which files of these runs are still present; tells which were discarded. */
function withFiles(house: TestHouse, present: readonly string[], locked: string) {
  const discarded: string[] = [];
  const changed: TestHouse = {
    ...house,
    workspaces: {
      ...house.workspaces,
      present: () => Promise.resolve(present),
      discard: (run) => {
        discarded.push(run);
        return Promise.resolve();
      },
    },
    locks: {
      acquire: (run): ReturnType<House['locks']['acquire']> =>
        run === locked
          ? Promise.resolve(refused('run.driven', `another process drives ${run}`))
          : house.locks.acquire(run),
    },
  };
  return { changed, discarded };
}

it('a new run first removes what killed processes left of runs that are over', async () => {
  const house = await houseOf({ store: new MemoryStore(), capabilities: [poison('look', 'read')] });
  const over = await startTestRun(house, modelOf([{ say: 'done' }]));
  await driving(over);
  const going = await startTestRun(house, modelOf([call('look')]));
  const runOf = (held: typeof over): string => held.driven.context.workspace.run;
  const present = [runOf(over), runOf(going), 'unrecorded', 'locked'];
  const { changed, discarded } = withFiles(house, present, 'locked');
  await startTestRun(changed, modelOf([{ say: 'done' }]));
  expect(discarded).toEqual([runOf(over), 'unrecorded']);
});
