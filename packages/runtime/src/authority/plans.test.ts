import { expect, test } from 'vitest';
import type { StoredEntry } from '@chancery/kernel/ledger';
import { ledgerFixture, RunStory } from '@chancery/testkit/builders';
import { Plans } from './plans.ts';

const fixture = ledgerFixture();
const story = new RunStory(fixture);
story.start({ plan: 'release' });
const { stored } = fixture.recorder;

const reading = (...found: readonly StoredEntry[]) => ({ read: () => Promise.resolve(found) });

test('the plan of a run is what its start tells', async () => {
  const [started] = stored.filter(({ stream }) => stream === 'run:r1');
  if (started === undefined) throw new Error('the run is started');
  expect([
    await new Plans(reading(started)).of('r1'),
    await new Plans(reading(started)).of(''),
    await new Plans(reading()).of('r1'),
  ]).toEqual(['release', undefined, undefined]);
});

test('a run that begins with something else is of no plan that anybody could tell', async () => {
  const [genesis] = stored;
  if (genesis === undefined) throw new Error('a ledger is founded');
  for (const wrong of [genesis, { ...genesis, text: '{' }]) {
    await expect(new Plans(reading(wrong)).of('r1')).rejects.toMatchObject({
      refusal: { code: 'ledger.corrupt' },
    });
  }
});
