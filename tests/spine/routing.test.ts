import { describe, expect, it } from 'vitest';
import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Entry, Kind } from '@chancery/kernel/ledger';
import {
  routingEvidenceOf,
  type RoutingChoice,
  type RoutingEvidence,
} from '@chancery/kernel/routing';
import { submit } from '@chancery/runtime/broker';
import { drive } from '@chancery/runtime/drive';
import {
  houseOf,
  modelOf,
  poison,
  startTestRun,
  type HouseRequest,
  type TestHouse,
  type Turn,
} from '@chancery/testkit/house';
import { driving, findingsOf, takenUp } from './drive.ts';

const choice: RoutingChoice = {
  selected: 'send',
  alternatives: ['post', 'fax'],
  confidenceBps: 7_000,
  reasons: ['cheapest'],
};
const evidence = routingEvidenceOf(choice);
const done: Turn = { say: 'done' };

function routed(routing: unknown): Turn {
  return { calls: [{ name: 'send', args: {}, routing }] };
}

/** A house with a capability that counts how often it is called. */
async function houseWith(request: Partial<HouseRequest> = {}) {
  const send = poison('send', 'external');
  const house = await houseOf({ store: new MemoryStore(), capabilities: [send], ...request });
  return { house, send };
}

async function run(turns: readonly Turn[], request: Partial<HouseRequest> = {}) {
  const { house, send } = await houseWith(request);
  const held = await startTestRun(house, modelOf(turns));
  const end = await driving(held);
  expect(end).toMatchObject({ kind: 'finished', body: { outcome: 'succeeded' } });
  expect(await findingsOf(house)).toEqual([]);
  return { house, send };
}

function bodiesOf<K extends Kind>({ seen }: TestHouse, kind: K): readonly Entry<K>['body'][] {
  return seen.flatMap(({ entry }) => (entry.kind === kind ? [(entry as Entry<K>).body] : []));
}

describe('the evidence of a router', () => {
  it('stands on the answer and on the intent, beside what their digests are taken of', async () => {
    const { house, send } = await run([routed(evidence), done]);
    const [answer] = bodiesOf(house, 'model.responded');
    expect(answer?.calls[0]?.routing).toEqual(evidence);
    const [intent] = bodiesOf(house, 'intent.proposed');
    expect(intent).toMatchObject({ origin: 'model', routing: evidence });
    expect(JSON.stringify(intent?.intent)).not.toContain('routing');
    const [staged] = bodiesOf(house, 'proposal.staged');
    expect(JSON.stringify(staged)).not.toContain(evidence.decision);
    expect(send.taken()).toBe(1);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'the best one'],
    ['a member more', { ...evidence, writ: 'x' }],
    ['a fraction', { ...evidence, confidenceBps: 0.5 }],
    ['more than certain', { ...evidence, confidenceBps: 10_001 }],
    ['a sentence for a name', routingEvidenceOf({ ...choice, selected: 'send it to me' })],
    ['a name that is too long', routingEvidenceOf({ ...choice, selected: 'a'.repeat(97) })],
    ['too many alternatives', routingEvidenceOf({ ...choice, alternatives: Array(9).fill('a') })],
    ['the digest of another choice', { ...evidence, selected: 'fax' }],
  ])('that is %s has the call refused, and nothing is staged', async (_, routing) => {
    const { house, send } = await run([routed(routing), done]);
    expect(send.taken()).toBe(0);
    expect(bodiesOf(house, 'proposal.staged')).toEqual([]);
    const [rejected] = bodiesOf(house, 'proposal.rejected');
    const [intent] = bodiesOf(house, 'intent.proposed');
    expect(rejected).toMatchObject({
      intent: intent?.digest,
      refusal: { code: 'routing.malformed' },
    });
    expect(rejected?.refusal.remedy).toContain('leave it out');
    expect(new Set(Object.values(rejected?.trace ?? {}))).toEqual(new Set(['unreached']));
    expect(intent).not.toHaveProperty('routing');
  });

  it('that is refused is refused alike when another process takes the run up', async () => {
    const { house, send } = await houseWith();
    const held = await startTestRun(house, modelOf([routed({ ...evidence, x: 1 }), done]));
    await untilAnswered(house, held);
    expect(bodiesOf(house, 'intent.proposed')).toEqual([]);
    expect(await driving(await takenUp(house, held))).toMatchObject({ kind: 'finished' });
    expect(bodiesOf(house, 'proposal.rejected')[0]?.refusal).toMatchObject({
      code: 'routing.malformed',
      message: 'the evidence: it has a member that is not documented',
    });
    expect(send.taken()).toBe(0);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is that of the recorded answer when another process takes the run up', async () => {
    const { house, send } = await houseWith();
    const held = await startTestRun(house, modelOf([routed(evidence), done]));
    await untilAnswered(house, held);
    expect(await driving(await takenUp(house, held))).toMatchObject({ kind: 'finished' });
    expect(bodiesOf(house, 'intent.proposed')[0]?.routing).toEqual(evidence);
    expect(send.taken()).toBe(1);
  });

  it('is kept without the secrets in it, under the digest of what is kept', async () => {
    const secret = 'correct-horse-battery';
    const spoilt = routingEvidenceOf({
      selected: `local:${secret}`,
      alternatives: ['fax', secret],
      confidenceBps: 1,
      reasons: ['cheapest', secret],
      fallback: { selected: secret, reason: secret },
    });
    const { house, send } = await run([routed(spoilt), done], { secrets: [secret] });
    const kept = {
      selected: '[redacted:known]',
      alternatives: ['fax', '[redacted:known]'],
      confidenceBps: 1,
      reasons: ['cheapest', 'redacted'],
      fallback: { selected: '[redacted:known]', reason: 'redacted' },
    };
    expect(bodiesOf(house, 'intent.proposed')[0]?.routing).toEqual(routingEvidenceOf(kept));
    const stored = JSON.stringify(await house.store.readAll(0, 1_000));
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(spoilt.decision);
    expect(send.taken()).toBe(1);
  });

  it.each(['serial', 'latencyEstimateMs', 'costEstimateMicrousd'])(
    'with a %s that is a secret is refused, since a number has no place for a mark',
    async (member) => {
      const spoilt = routingEvidenceOf({ ...choice, [member]: 1_234_567_890 });
      const { house, send } = await run([routed(spoilt), done], { secrets: ['1234567890'] });
      expect(bodiesOf(house, 'proposal.rejected')[0]?.refusal.code).toBe('routing.malformed');
      expect(JSON.stringify(await house.store.readAll(0, 1_000))).not.toContain('1234567890');
      expect(send.taken()).toBe(0);
    },
  );

  it('has so much room in an answer, and calls beyond that are refused', async () => {
    const large = routingEvidenceOf({
      selected: 'a'.repeat(96),
      alternatives: Array<string>(8).fill('b'.repeat(96)),
      confidenceBps: 1,
      reasons: Array<string>(8).fill('c'.repeat(32)),
    });
    const calls = Array.from({ length: 40 }, () => ({ name: 'send', args: {}, routing: large }));
    const { house, send } = await run([{ calls }, done]);
    const refused = bodiesOf(house, 'proposal.rejected').map(({ refusal }) => refusal.message);
    expect(new Set(refused)).toEqual(new Set(['an answer has no room for so much evidence']));
    expect(send.taken()).toBeGreaterThan(8);
    expect(send.taken() + refused.length).toBe(40);
  });

  it('comes from a program that proposes by itself, and is checked as any other', async () => {
    const { house, send } = await houseWith({ secrets: ['correct-horse-battery'] });
    const held = await startTestRun(house, modelOf([]));
    // Outside a turn the loop admits no intent; here the broker alone is asked.
    const alone = { ...held.driven.context, onEntry: house.onEntry };
    const propose = (nonce: string, value: unknown) =>
      submit(alone, {
        ...{ origin: 'human', turn: 0, callId: nonce },
        intent: { kind: 'act', capability: 'send', args: {}, rationale: '', nonce },
        routing: { from: 'outside', value },
      });
    expect(await propose('a', evidence)).toMatchObject({ kind: 'committed' });
    const spoilt = routingEvidenceOf({ ...choice, selected: 'correct-horse-battery' });
    expect(await propose('b', spoilt)).toMatchObject({ kind: 'committed' });
    expect(await propose('c', { ...evidence, reasons: 'x' })).toMatchObject({
      kind: 'rejected',
      refusal: {
        code: 'routing.malformed',
        message: 'the evidence: /reasons is not an array of at most 8',
      },
    });
    expect(await propose('d', undefined)).toMatchObject({ kind: 'rejected' });
    expect(bodiesOf(house, 'intent.proposed').map(({ routing }) => routing?.selected)).toEqual([
      'send',
      '[redacted:known]',
      undefined,
      undefined,
    ]);
    expect(send.taken()).toBe(2);
    expect(await findingsOf(house)).toEqual([]);
  });

  it('is checked and redacted although a program says that it stands on the ledger', async () => {
    const { house } = await houseWith({ secrets: ['correct-horse-battery'] });
    const held = await startTestRun(house, modelOf([]));
    const alone = { ...held.driven.context, onEntry: house.onEntry };
    const propose = (nonce: string, value: RoutingEvidence) =>
      submit(alone, {
        ...{ origin: 'human', turn: 0, callId: nonce },
        intent: { kind: 'act', capability: 'send', args: {}, rationale: '', nonce },
        routing: { from: 'ledger', value },
      });
    const spoilt = routingEvidenceOf({ ...choice, selected: 'correct-horse-battery' });
    expect(await propose('a', spoilt)).toMatchObject({ kind: 'committed' });
    const another = { ...evidence, selected: 'fax' };
    expect(await propose('b', another)).toMatchObject({ refusal: { code: 'routing.malformed' } });
    expect(bodiesOf(house, 'intent.proposed')[0]?.routing?.selected).toBe('[redacted:known]');
  });

  it('of an intent that is none is refused as well, and the entry names no intent', async () => {
    const { house } = await houseWith();
    const held = await startTestRun(house, modelOf([]));
    const alone = { ...held.driven.context, onEntry: house.onEntry };
    const routing = { from: 'outside', value: 7 } as const;
    const submission = { origin: 'human', turn: 0, callId: 'c', intent: 'x', routing } as const;
    expect(await submit(alone, submission)).toMatchObject({
      refusal: { code: 'routing.malformed' },
    });
    expect(bodiesOf(house, 'proposal.rejected')[0]?.intent).toBeNull();
  });
});

describe('the model that a provider names', () => {
  it('is recorded with the answer, without secrets and no longer than a name is', async () => {
    const secret = 'correct-horse-battery';
    const servedBy = `\ud83d-of-${secret}-${'x'.repeat(200)}`;
    const { house } = await run([{ ...routed(undefined), servedBy }, done], { secrets: [secret] });
    const [first, second] = bodiesOf(house, 'model.responded');
    expect(first?.servedBy).toBe(`\ufffd-of-[redacted:known]-${'x'.repeat(200)}`.slice(0, 128));
    expect(second).not.toHaveProperty('servedBy');
  });
});

/** Drives until an answer with calls is on the ledger, and none of them was submitted. */
async function untilAnswered(
  house: TestHouse,
  held: Awaited<ReturnType<typeof startTestRun>>,
): Promise<void> {
  const stop = new AbortController();
  const end = await drive(held.driven, {
    stop: stop.signal,
    rest: () => Promise.resolve(),
    waitForHumans: false,
    grown: () => {
      // It is told before each step, of which the first asks the model.
      if (house.seen.some(({ entry }) => entry.kind === 'turn.started')) return;
      stop.abort();
    },
  });
  expect(end.kind).toBe('stopped');
  expect(bodiesOf(house, 'model.responded')).toHaveLength(1);
}
