import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { JsonObject } from '@chancery/kernel/encoding';
import { routingEvidenceOf } from '@chancery/kernel/routing';
import {
  release,
  resolutionOf,
  resolveDoubt,
  submit,
  type Execution,
} from '@chancery/runtime/broker';
import { abandon } from '@chancery/runtime/drive';
import {
  routedOutcomes,
  routedOutcomesOf,
  type RoutedOutcome,
} from '@chancery/runtime/projections';
import {
  bundleOf,
  capabilityOf,
  HandClock,
  houseOf,
  modelOf,
  observed,
  rule,
  startTestRun,
  type TestHouse,
  type Turn,
} from '@chancery/testkit/house';
import { call, driving, takenUp } from './drive.ts';
import { vote } from './vote.ts';

const evidence = routingEvidenceOf({
  serial: 9,
  selected: 'a/model',
  alternatives: ['b/model'],
  confidenceBps: 5_000,
  reasons: ['cheapest', 'fits-context'],
});
const done: Turn = { say: 'done' };

function routed(name: string, args: JsonObject = {}, routing: unknown = evidence): Turn {
  return { calls: [{ name, args, routing }] };
}

async function all(lines: AsyncIterable<RoutedOutcome>): Promise<readonly RoutedOutcome[]> {
  const found: RoutedOutcome[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

/** A house whose capabilities take 30 ms, and do what their argument `how` says; it throws once. */
async function houseAt(clock = new HandClock()): Promise<TestHouse> {
  let thrown = 0;
  const acting = (name: string, effect: 'read' | 'external') =>
    capabilityOf({
      ...{ name, effect },
      estimate: { costMicrousd: 500 },
      execute: ({ how }): Promise<Execution> => {
        clock.ms += 30;
        if (how === 'thrown' && (thrown += 1) === 1) return Promise.reject(new Error('cut'));
        const used = { costMicrousd: 70 };
        if (typeof how !== 'string' || how === 'thrown')
          return Promise.resolve({ ...observed({ exitCode: 0 }), used } as Execution);
        const kind = how === 'retryable' ? how : 'terminal';
        const failure = { class: kind, code: how, message: 'it says much' } as const;
        return Promise.resolve({ kind: 'failed', failure, used });
      },
    });
  return houseOf({
    store: new MemoryStore(),
    clock,
    capabilities: [
      acting('look', 'read'),
      acting('send', 'external'),
      acting('ask', 'read'),
      acting('shell.run', 'read'),
    ],
    bundle: bundleOf({
      all: rule('permit'),
      no: rule('forbid', 'look', { hold: 'human', quorum: '9' }),
      hold: rule('forbid', 'ask', { hold: 'human', quorum: '1' }),
    }),
  });
}

/** What is told of the run of these turns, driven as far as it goes. */
async function told(...turns: readonly Turn[]): Promise<readonly RoutedOutcome[]> {
  const house = await houseAt();
  await driving(await startTestRun(house, modelOf([...turns, done])));
  return all(routedOutcomes(house.store));
}

const common = {
  run: 'r2',
  capability: 'send',
  ...{ decision: evidence.decision, serial: 9, selected: 'a/model', reasons: evidence.reasons },
  ...{ refusal: null, failure: null, latencyMs: null, costMicrousd: 0 },
  answer: { latencyMs: 0, costMicrousd: 5 },
};

describe('the feedback to routers', () => {
  it('tells what was committed, how long it took and what it cost', async () => {
    const [line, ...more] = await told(routed('send'));
    expect(more).toEqual([]);
    const { seq, position, atMs, ...rest } = line ?? {};
    expect(rest).toEqual({ ...common, outcome: 'committed', latencyMs: 30, costMicrousd: 70 });
    expect([seq, position, atMs]).toEqual([expect.any(Number), expect.any(Number), 1_000_030]);
  });

  it.each<[what: string, turn: Turn, line: Partial<RoutedOutcome>]>([
    [
      'failed for good',
      routed('send', { how: 'exit' }),
      { outcome: 'failed', failure: 'terminal', latencyMs: 30, costMicrousd: 70 },
    ],
    [
      'may work another time',
      routed('send', { how: 'retryable' }),
      { outcome: 'failed', failure: 'retryable', latencyMs: 30, costMicrousd: 70 },
    ],
    [
      'we have broken off',
      routed('send', { how: 'cancelled' }),
      { outcome: 'abandoned', latencyMs: 30, costMicrousd: 70 },
    ],
    [
      'was refused',
      routed('look'),
      { outcome: 'refused', refusal: 'approval.unreachable', capability: 'look' },
    ],
    [
      'is no capability',
      routed('rm -rf /home/ada'),
      { outcome: 'refused', refusal: 'capability.unknown', capability: null },
    ],
    [
      'has arguments that are none',
      routed('send', { malformed: '{' }),
      { outcome: 'refused', refusal: 'intent.malformed' },
    ],
  ])('tells what %s', async (_, turn, line) => {
    const lines = await told(turn);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ ...common, ...line });
  });

  it('tells of malformed evidence without it', async () => {
    const [line] = await told(routed('send', {}, { ...evidence, selected: 'x y' }));
    expect(line).toMatchObject({
      ...{ decision: null, serial: null, selected: null, reasons: [] },
      ...{ outcome: 'refused', refusal: 'routing.malformed', capability: 'send' },
    });
  });

  it('tells of proposals without evidence, and never of gates', async () => {
    const house = await houseAt();
    const gates = ['true'];
    await driving(await startTestRun(house, modelOf([call('send'), done]), { gates }));
    expect(house.seen.filter(({ entry }) => entry.kind === 'intent.proposed').length).toBe(2);
    const lines = await all(routedOutcomes(house.store));
    expect(lines.map(({ decision, outcome }) => [decision, outcome])).toEqual([
      [null, 'committed'],
    ]);
  });

  it.each([
    ['grant', 0, { outcome: 'committed', latencyMs: 30, costMicrousd: 70 }],
    ['deny', 0, { outcome: 'denied' }],
    [undefined, 100_000, { outcome: 'expired' }],
    [undefined, 0, undefined],
  ] as const)('of a held proposal with the answer %s after %i ms more is %o', async (...row) => {
    const [answer, laterMs, line] = row;
    const clock = new HandClock();
    const house = await houseAt(clock);
    const held = await startTestRun(house, modelOf([routed('ask'), done]));
    const end = await driving(held);
    clock.ms += 5_000 + laterMs;
    if (end.kind === 'held' && answer !== undefined) await vote(house, end.action, answer);
    await driving(await takenUp(house, held));
    const lines = await all(routedOutcomes(house.store));
    expect(lines.map((each) => ({ ...each, seq: 0, position: 0, atMs: 0 }))).toEqual(
      line === undefined
        ? []
        : [{ ...common, capability: 'ask', ...line, seq: 0, position: 0, atMs: 0 }],
    );
  });

  it.each([
    [true, { outcome: 'committed', latencyMs: null, costMicrousd: 500 }],
    [false, { outcome: 'committed', latencyMs: 30, costMicrousd: 70 }],
  ] as const)('tells of a doubt when a human has said that it happened: %s', async (...row) => {
    const [happened, line] = row;
    const house = await houseAt();
    const held = await startTestRun(house, modelOf([routed('send', { how: 'thrown' }), done]));
    const rest = await driving(held);
    expect(rest.kind).toBe('in-doubt');
    expect(await all(routedOutcomes(house.store))).toEqual([]);
    const action = rest.kind === 'in-doubt' ? rest.action : '';
    const word = { happened, evidence: 'I looked', by: house.owner };
    await resolveDoubt(held.driven.context, action, word);
    const lines = await all(routedOutcomes(house.store));
    expect(lines).toMatchObject([{ ...common, ...line }]);
  });

  it('tells of what a run leaves behind when it is given up', async () => {
    const house = await houseAt();
    const turns = [routed('ask'), done];
    await driving(await startTestRun(house, modelOf(turns)));
    await driving(await startTestRun(house, modelOf([routed('send', { how: 'thrown' }), done])));
    expect(await all(routedOutcomes(house.store))).toEqual([]);
    expect((await abandon(house, 'r2', 'given up')).ok).toBe(true);
    expect((await abandon(house, 'r4', 'given up')).ok).toBe(true);
    expect(await all(routedOutcomes(house.store))).toMatchObject([
      { ...common, run: 'r2', capability: 'ask', outcome: 'abandoned', costMicrousd: 0 },
      { ...common, run: 'r4', outcome: 'in-doubt', costMicrousd: null },
    ]);
  });

  it('tells of an intent that is proposed twice that it was refused the second time', async () => {
    const house = await houseAt();
    const { context } = (await startTestRun(house, modelOf([]))).driven;
    const alone = { ...context, onEntry: house.onEntry };
    const routing = { from: 'outside', value: evidence } as const;
    const asked = { kind: 'act', capability: 'ask', args: {}, rationale: '', nonce: 'ask' };
    for (const capability of ['send', 'ask']) {
      const intent = capability === 'ask' ? asked : { ...asked, capability, nonce: capability };
      for (const callId of ['a', 'b']) {
        await submit(alone, { origin: 'human', turn: 0, callId, intent, routing });
      }
    }
    const twice = [
      { outcome: 'committed', capability: 'send', answer: null },
      { outcome: 'refused', refusal: 'intent.replayed', capability: 'send', answer: null },
      { outcome: 'refused', refusal: 'intent.replayed', capability: 'ask', answer: null },
    ];
    expect(await all(routedOutcomes(house.store))).toMatchObject(twice);
    const action = [...alone.trajectory.suspended.keys()][0] ?? '';
    await vote(house, action, 'deny');
    const held = await resolutionOf(alone, action);
    const submission = { origin: 'human', turn: 0, callId: 'a', intent: asked } as const;
    if (held !== undefined) await release(alone, submission, held);
    expect(await all(routedOutcomes(house.store))).toMatchObject([
      ...twice,
      { outcome: 'denied', capability: 'ask', answer: null },
    ]);
  });

  it('is the same for all runs, for some and for one, in the order of the ledger', async () => {
    const house = await houseAt();
    for (const name of ['send', 'ask', 'look']) {
      await driving(await startTestRun(house, modelOf([routed(name), routed('send'), done])));
    }
    const { store } = house;
    expect((await abandon(house, 'r4', 'given up')).ok).toBe(true);
    const lines = await all(routedOutcomes(store));
    expect(lines.map(({ run, outcome }) => `${run} ${outcome}`)).toEqual([
      ...['r2 committed', 'r2 committed', 'r6 refused', 'r6 committed', 'r4 abandoned'],
    ]);
    const positions = lines.map(({ position }) => position);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    const some = lines.filter(({ run }) => run !== 'r2');
    expect(await all(routedOutcomes(store, new Set(['r4', 'r6'])))).toEqual(some);
    for (const run of ['r2', 'r4', 'r6']) {
      const own = lines.filter((line) => line.run === run);
      expect(await all(routedOutcomesOf(store, run))).toEqual(own);
    }
  });
});

describe('the feedback of a damaged ledger', () => {
  it('is refused, and names the entry', async () => {
    const house = await houseAt();
    await driving(await startTestRun(house, modelOf([routed('send'), done])));
    const { store } = house;
    const readAll = store.readAll.bind(store);
    store.readAll = async (...at) =>
      (await readAll(...at)).map((each) =>
        each.stream === 'run:r2' && each.seq === 4 ? { ...each, text: '{}' } : each,
      );
    await expect(all(routedOutcomes(store))).rejects.toMatchObject({
      refusal: { code: 'ledger.corrupt' },
      message: /entry 4 of run:r2/,
    });
  });
});
