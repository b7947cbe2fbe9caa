import { expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Message, Model } from '@chancery/runtime/cognition';
import { capabilityOf, houseOf, modelOf, observed, startTestRun } from '@chancery/testkit/house';
import { call, driving, findingsOf } from './drive.ts';

it('a result that is too large for its entry reaches the model in the same process', async () => {
  const text = 'x'.repeat(20_000);
  const look = capabilityOf({
    name: 'look',
    effect: 'read',
    execute: () => Promise.resolve(observed({ text })),
  });
  const house = await houseOf({ store: new MemoryStore(), capabilities: [look] });
  const asked: (readonly Message[])[] = [];
  const plain = modelOf([call('look'), { say: 'seen' }]);
  const model: Model = {
    ...plain,
    stream: (request, signal) => {
      asked.push(request.messages);
      return plain.stream(request, signal);
    },
  };
  const end = await driving(await startTestRun(house, model));
  expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
  const results = asked.at(-1)?.flatMap((message) => (message.role === 'tool' ? [message] : []));
  expect(results).toMatchObject([{ failed: false, result: { text } }]);
  const commits = house.seen.flatMap(({ entry }) => (entry.kind === 'commit' ? [entry.body] : []));
  expect(commits).toMatchObject([{ observation: { blob: { mediaType: 'application/json' } } }]);
  expect(await findingsOf(house)).toEqual([]);
});
