import { MemoryStore } from '@chancery/adapters/store-memory';
import { someDigest } from '@chancery/testkit/builders';
import { capabilityOf, modelOf, startTestRun } from '@chancery/testkit/house';
import { Authority } from '@chancery/runtime/authority';
import { abandon, resumeRun, type HeldRun } from '@chancery/runtime/drive';
import { call, driving, takenUp } from '../../spine/drive.ts';
import type { Rows } from './row.ts';
import { refusing, sceneOf, shown, startedOn, type Scene } from './scene.ts';

const runOf = ({ driven }: HeldRun): string => driven.context.stream.slice('run:'.length);

const resumed = ({ house }: Scene, run: string) =>
  resumeRun(house, {
    ...{ run, readable: [] },
    modelOf: () => Promise.resolve({ ok: true, value: modelOf([call('make')]) }),
  });

/** What a run is refused with that is to begin, or to go on. */
export const runRows: Rows = {
  'run.unknown': {
    sort: 'run',
    cases: [
      refusing('going on with a run that is not there', 'run.unknown', (scene) =>
        resumed(scene, 'nobody'),
      ),
      refusing('giving up a run that is not there', 'run.unknown', ({ house }) =>
        abandon(house, 'nobody', 'test'),
      ),
    ],
  },
  'run.finished': {
    sort: 'run',
    cases: [
      {
        name: 'going on with a run that has ended',
        recorded: [],
        run: async () => {
          const scene = await sceneOf();
          const held = await startedOn(scene, []);
          await driving(held);
          return shown(scene, 'run.finished', () => resumed(scene, runOf(held)));
        },
      },
    ],
  },
  'run.driven': {
    sort: 'run',
    cases: [
      {
        name: 'a run that another process has driven on meanwhile',
        recorded: [],
        run: async () => {
          const scene = await sceneOf();
          const held = await startedOn(scene, [call('make')]);
          const another = await takenUp(scene.house, held);
          await driving(held);
          return shown(scene, 'run.driven', () => driving(another));
        },
      },
    ],
  },
  'model.unpriced': {
    sort: 'run',
    cases: [
      refusing('a model of which nobody has told a price', 'model.unpriced', ({ house }) =>
        startTestRun(house, { ...modelOf([call('make')]), price: undefined }),
      ),
    ],
  },
  'execution.in-doubt': {
    sort: 'action',
    cases: [
      {
        name: 'an effect of which nobody knows whether it happened, and which is not repeated',
        recorded: ['execution.in-doubt'],
        run: async () => {
          let times = 0;
          const leave = capabilityOf({
            name: 'leave',
            effect: 'external',
            execute: () => {
              times += 1;
              return Promise.reject(new Error('cut'));
            },
          });
          const scene = await sceneOf({ capabilities: [leave] });
          const held = await startedOn(scene, [call('leave'), call('make')]);
          const again = () => scene.taken() + Math.max(0, times - 1);
          return shown({ ...scene, taken: again }, 'execution.in-doubt', async () => {
            await driving(held);
            await driving(await takenUp(scene.house, held));
          });
        },
      },
    ],
  },
  'ledger.missing': {
    sort: 'run',
    cases: [
      refusing('a run on a ledger that nobody has founded', 'ledger.missing', ({ house }) => {
        const store = new MemoryStore();
        const authority = new Authority(store, someDigest('none'));
        return startTestRun({ ...house, store, authority }, modelOf([call('make')]));
      }),
    ],
  },
};
