import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { TrialEpochs, type Tally, type Trial } from '@chancery/domain/simulation';
import type { Bundle } from '@chancery/kernel/policy';
import { activatePolicy, policyEpochs } from '@chancery/runtime/authority';
import type { Capability } from '@chancery/runtime/broker';
import { simulateRuns } from '@chancery/runtime/simulation';
import {
  bundleOf,
  houseOf,
  modelOf,
  poison,
  rule,
  startTestRun,
  type TestHouse,
} from '@chancery/testkit/house';
import { call, driving, takenUp } from './drive.ts';
import { vote } from './vote.ts';

const names = ['look', 'send', 'wipe'] as const;

/** What a policy says of each capability. */
type Stance = Readonly<Record<(typeof names)[number], 'permit' | 'hold' | 'deny'>>;

function policyOf(stance: Stance): Bundle {
  const narrowing = names.flatMap((name) => {
    const said = stance[name];
    if (said === 'permit') return [];
    const annotations = said === 'hold' ? { hold: 'human', quorum: '1' } : {};
    return [[`${said}-${name}`, rule('forbid', name, annotations)] as const];
  });
  return bundleOf({ all: rule('permit'), ...Object.fromEntries(narrowing) });
}

const stances: fc.Arbitrary<Stance> = fc.record({
  look: fc.constantFrom('permit', 'hold', 'deny'),
  send: fc.constantFrom('permit', 'hold', 'deny'),
  wipe: fc.constantFrom('permit', 'hold', 'deny'),
});

function offered(): readonly Capability[] {
  return [poison('look', 'read'), poison('send', 'external'), poison('wipe', 'irreversible')];
}

/** Drives a run that calls these, one after the other, and grants whatever is held. */
async function happened(house: TestHouse, calls: readonly string[]): Promise<void> {
  const model = modelOf([...calls.map((name) => call(name)), { say: 'done' }]);
  let held = await startTestRun(house, model);
  let end = await driving(held);
  while (end.kind === 'held') {
    await vote(house, end.action, 'grant');
    held = await takenUp(house, held);
    end = await driving(held);
  }
}

async function simulated(
  { store, ledger }: TestHouse,
  trials: readonly Trial[],
  sinceMs = 0,
): Promise<Tally> {
  const epochs = new TrialEpochs(trials);
  for (const { from, bundles } of await policyEpochs(store, ledger)) epochs.add(from, bundles);
  const streams = (await store.streams('run:')).map(({ stream, head }) => ({
    run: stream.slice('run:'.length),
    lastSeq: head.seq,
  }));
  return simulateRuns({ store, epochs, sinceMs, source: 0 }, streams);
}

function decisionsIn({ counts }: Tally): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

describe('what was decided by a runtime', () => {
  const situations = {
    first: stances,
    second: stances,
    calls: fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
  };

  it('is decided the same again, by the same rules, whatever was active and when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(situations), async ({ first, second, calls }) => {
        const bundle = policyOf(first);
        const house = await houseOf({ store: new MemoryStore(), capabilities: offered(), bundle });
        await happened(house, calls);
        const { store, ledger, clock, owner: by, authority } = house;
        const later = await activatePolicy(
          { store, ledger, clock, by, authority },
          policyOf(second),
        );
        expect(later.ok).toBe(true);
        await happened(house, calls);
        const tally = await simulated(house, []);
        expect(tally.counts).toEqual({
          ...{ flipped: 0, moot: 0, diverged: 0, undecided: 0, unreadable: 0, unreproduced: 0 },
          same: decisionsIn(tally),
        });
        expect([tally.otherRules, tally.runs, tally.groups.size]).toEqual([0, 2, 0]);
        expect(decisionsIn(tally)).toBeGreaterThanOrEqual(2 * calls.length);
      }),
      cases(25),
    );
  });

  it('flips first where the other policy, had it been active, would have decided otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(situations), async ({ first, second, calls }) => {
        const bundle = policyOf(first);
        const house = await houseOf({ store: new MemoryStore(), capabilities: offered(), bundle });
        await happened(house, calls);
        const tally = await simulated(house, [{ kind: 'with', bundle: policyOf(second) }]);
        const differing = calls.find((name) => first[name] !== second[name]);
        const flips = [...tally.groups.values()].sort((a, b) => a.first.seq - b.first.seq);
        expect(flips[0]?.capability).toBe(differing);
        if (differing !== undefined) {
          expect(flips[0]).toMatchObject({
            from: first[differing],
            to: second[differing],
          });
        }
        expect([tally.counts.unreadable, tally.counts.unreproduced]).toEqual([0, 0]);
      }),
      cases(25),
    );
  });

  it('is left alone where it was decided before the time that is asked about', async () => {
    const bundle = policyOf({ look: 'permit', send: 'permit', wipe: 'permit' });
    const house = await houseOf({ store: new MemoryStore(), capabilities: offered(), bundle });
    await happened(house, ['look']);
    const trials: readonly Trial[] = [{ kind: 'without', level: 'tenant', name: 'test' }];
    const { counts } = await simulated(house, trials);
    const none = await simulated(house, trials, house.clock.nowMs() + 1);
    expect([counts.flipped, none.runs, decisionsIn(none)]).toEqual([1, 0, 0]);
  });
});
