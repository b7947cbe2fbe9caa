import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { Fault } from '@chancery/kernel/refusal';
import { guardedClock } from '@chancery/runtime/journal';
import {
  bundleOf,
  houseOf,
  modelOf,
  poison,
  rule,
  startTestRun,
  wideTerms,
} from '@chancery/testkit/house';
import { call, driving, findingsOf, takenUp } from '../spine/drive.ts';
import { vote } from '../spine/vote.ts';

const hourMs = 3_600_000;

/** A machine whose clock somebody sets, and whose monotonic clock goes on. */
class Machine {
  now = 100 * hourMs;
  since = 0;

  wallMs(): number {
    return this.now;
  }

  monotonicMs(): number {
    return this.since;
  }

  pass(ms: number): void {
    this.now += ms;
    this.since += ms;
  }
}

/** A run whose one effect waits for a human, under a writ that is valid for two hours. */
async function waiting() {
  const machine = new Machine();
  const send = poison('send', 'external');
  const bundle = bundleOf({ all: rule('permit'), ask: rule('forbid', 'send', { hold: 'human' }) });
  const clock = guardedClock(machine);
  const house = await houseOf({ store: new MemoryStore(), capabilities: [send], bundle, clock });
  const window = { notBefore: 0, notAfter: machine.now + 2 * hourMs };
  const model = modelOf([call('send'), { say: 'done' }]);
  const held = await startTestRun(house, model, {}, wideTerms(house, { window }));
  const end = await driving(held);
  if (end.kind !== 'held') throw new Error(`the run is ${end.kind}`);
  return { machine, house, held, send, action: end.action };
}

describe('a clock that is set back', () => {
  it('makes no time to answer longer: the action is refused', async () => {
    const { machine, house, held, send, action } = await waiting();
    machine.now -= 24 * hourMs;
    machine.pass(60_000);
    await expect(vote(house, action, 'grant')).rejects.toMatchObject({
      refusal: { code: 'approval.expired' },
    });
    await driving(await takenUp(house, held));
    const rejected = house.seen.findLast(({ entry }) => entry.kind === 'proposal.rejected');
    expect(rejected?.entry.body).toMatchObject({ refusal: { code: 'approval.expired' } });
    expect([send.taken(), await findingsOf(house)]).toEqual([0, []]);
  });

  it('makes no writ valid again: the run ends', async () => {
    const { machine, house, held, send } = await waiting();
    machine.pass(2 * hourMs + 1);
    house.clock.nowMs();
    machine.now -= 24 * hourMs;
    expect(await driving(await takenUp(house, held))).toMatchObject({
      body: { outcome: 'cancelled', reason: 'the window of the writ has closed' },
    });
    expect([send.taken(), await findingsOf(house)]).toEqual([0, []]);
  });
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])(
  'a clock that tells %d gives no time, and nothing is done or recorded',
  async (now) => {
    const { machine, house, held, send, action } = await waiting();
    const before = await house.store.readAll(0, 1_000);
    machine.now = now;
    await expect(vote(house, action, 'grant')).rejects.toThrow(Fault);
    await expect(driving(held)).rejects.toThrow(Fault);
    expect(await house.store.readAll(0, 1_000)).toEqual(before);
    expect(send.taken()).toBe(0);
  },
);
