import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { Authority } from '@chancery/runtime/authority';
import { houseOf, modelOf, poison, startTestRun } from '@chancery/testkit/house';
import { call, driving } from './drive.ts';

describe('many runs at once', () => {
  it('see the same authority when all of them look for the first time', async () => {
    const store = new MemoryStore();
    const house = await houseOf({ store, capabilities: [poison('look', 'read')] });
    const authority = new Authority(store, house.ledger);
    const seen = await Promise.all(Array.from({ length: 8 }, () => authority.trust()));
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]?.keys.size).toBe(2);
  });

  it('all come to their ends', async () => {
    const look = poison('look', 'external');
    const house = await houseOf({ store: new MemoryStore(), capabilities: [look] });
    const model = modelOf([call('look'), call('look'), { say: 'done' }]);
    const ends = await Promise.all(
      Array.from({ length: 8 }, async () => driving(await startTestRun(house, model))),
    );
    expect(ends.map((end) => end.kind === 'finished' && end.body.outcome)).toEqual(
      Array.from({ length: 8 }, () => 'succeeded'),
    );
    expect(look.taken()).toBe(16);
  });
});
