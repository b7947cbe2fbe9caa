import type { Json } from '@chancery/kernel/encoding';
import { refusal } from '@chancery/kernel/refusal';
import { routingDecision } from '@chancery/kernel/routing';
import {
  buildWindow,
  observationMessage,
  refusalMessage,
  type Model,
  type ModelCall,
  type ModelEvent,
  type ModelRequest,
  type WindowTurn,
} from '@chancery/runtime/cognition';
import { describe, expect, test } from 'vitest';
import { readScript, scriptedModel } from './index.ts';

function model(...turns: readonly Json[]): Model {
  const script = readScript({ v: 1, name: 'demo', turns });
  if (!script.ok) throw new Error(script.refusal.message);
  return scriptedModel(script.value);
}

function request(...turns: readonly WindowTurn[]): ModelRequest {
  const messages = buildWindow({ system: 'S', task: 'T', turns, resultChars: 10_000 });
  return { messages, tools: [], maxOutputTokens: 100 };
}

async function eventsOf(
  played: Model,
  asked: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of played.stream(asked, signal)) events.push(event);
  return events;
}

async function textOf(played: Model, asked: ModelRequest): Promise<string> {
  const events = await eventsOf(played, asked);
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

const call: ModelCall = { id: 'call-0-0', name: 'fs.read', args: { path: 'a' } };
const said: WindowTurn = { text: 'One.', calls: [], results: [], note: 'Go on.' };
const saw: WindowTurn = {
  text: '',
  calls: [call],
  results: [observationMessage(call, { text: 'hello' })],
  note: '',
};
const denied: WindowTurn = {
  text: '',
  calls: [call],
  results: [refusalMessage(call, refusal('policy.denied', 'no'))],
  note: '',
};

function ended(code: string, message: string, kind = 'terminal'): Json {
  return {
    type: 'failed',
    failure: { class: kind, code, message },
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
  };
}

test('a turn gives its text, its calls and its usage', async () => {
  const played = model({
    say: 'Looking.',
    calls: [
      { name: 'fs.read', args: { path: 'a' } },
      { name: 'fs.read', malformed: '{"path":' },
    ],
    usage: { inputTokens: 10, cachedInputTokens: 4, outputTokens: 2 },
  });

  expect(played.id).toBe('scripted:demo');
  expect(await eventsOf(played, request())).toEqual([
    { type: 'text', text: 'Looking.' },
    { type: 'call', call: { id: 'call-0-0', name: 'fs.read', args: { path: 'a' } } },
    { type: 'call', call: { id: 'call-0-1', name: 'fs.read', args: { malformed: '{"path":' } } },
    {
      type: 'finished',
      stop: 'calls',
      usage: { inputTokens: 10, cachedInputTokens: 4, outputTokens: 2 },
    },
  ]);
});

test('a call bears what a router says of it, and costs the same', async () => {
  const args = { path: 'a' };
  const choice = { selected: 'fs.read', alternatives: [], confidenceBps: 1, reasons: [] };
  const plain = await eventsOf(model({ calls: [{ name: 'fs.read', args }] }), request());
  const bearing = async (routing: Json) =>
    eventsOf(model({ calls: [{ name: 'fs.read', args, routing }] }), request());

  const named = { ...choice, decision: routingDecision(choice) };
  expect(await bearing(choice)).toEqual([{ ...plain[0], routing: named }, plain[1]]);
  for (const given of [named, { ...named, decision: 'x' }, 'anything', null]) {
    expect(await bearing(given)).toEqual([{ ...plain[0], routing: given }, plain[1]]);
  }
});

test('without a declared usage four characters are a token, rounded up', async () => {
  const asked = request();
  const chars = JSON.stringify([asked.messages, []]).length;
  const played = model({ say: 'Hello' });

  expect(played.estimateTokens(asked)).toBe(Math.ceil(chars / 4));
  expect((await eventsOf(played, asked)).at(-1)).toEqual({
    type: 'finished',
    stop: 'end',
    usage: { inputTokens: Math.ceil(chars / 4), cachedInputTokens: 0, outputTokens: 2 },
  });
});

test('another process plays on where the conversation stands', async () => {
  const turns = [{ say: 'One.' }, { say: 'Two.' }, { say: 'Three.' }];

  expect(await textOf(model(...turns), request(said))).toBe('Two.');
  expect(await textOf(model(...turns), request(said, said))).toBe('Three.');
  expect(await textOf(model(...turns), request())).toBe('One.');
});

test('a conversation longer than the script fails', async () => {
  expect(await eventsOf(model({ say: 'One.' }), request(said))).toEqual([
    ended('protocol', 'the script has no turn 1'),
  ]);
});

describe('of alternatives', () => {
  const branching = model({ calls: [{ name: 'fs.read', args: { path: 'a' } }] }, [
    { when: { failedWith: 'policy.denied' }, say: 'Refused.' },
    { when: { succeeded: 'fs.read', contains: 'bye' }, say: 'Bye.' },
    { when: { succeeded: 'fs.read' }, say: 'Read.' },
  ]);

  test('the first whose condition holds is played', async () => {
    expect(await textOf(branching, request(denied))).toBe('Refused.');
    expect(await textOf(branching, request(saw))).toBe('Read.');
  });

  test('none is played when none fits', async () => {
    expect(await eventsOf(branching, request(said))).toEqual([
      ended('protocol', 'the script has no alternative that fits turn 1'),
    ]);
  });

  test('what was answered before counts no more', async () => {
    const later = model({ say: 'a' }, { say: 'b' }, [
      { when: { failedWith: 'policy.denied' }, say: 'Refused.' },
      { say: 'Fine.' },
    ]);

    expect(await textOf(later, request(denied, saw))).toBe('Fine.');
  });
});

test.each([
  [{ failedWith: 'policy.denied' }, saw, 'a result that failed with policy.denied'],
  [{ succeeded: 'fs.read' }, denied, 'a result of fs.read'],
  [{ succeeded: 'fs.list' }, saw, 'a result of fs.list'],
  [{ contains: 'goodbye' }, saw, 'the text "goodbye"'],
])('an expectation %j that does not hold fails the turn', async (expected, turn, what) => {
  const played = model({ say: 'One.' }, { expect: expected, say: 'Two.' });

  expect(await eventsOf(played, request(turn))).toEqual([
    ended('protocol', `turn 1 of the script expected ${what}`),
  ]);
});

test.each([
  [{ contains: 'hello' }, saw],
  [{ contains: 'Go on' }, said],
  [{ failedWith: 'policy.denied', contains: 'remedy' }, denied],
])('an expectation %j that holds changes nothing', async (expected, turn) => {
  const played = model({ say: 'One.' }, { expect: expected, say: 'Two.' });

  expect(await textOf(played, request(turn))).toBe('Two.');
});

describe('a failure', () => {
  const fail = { class: 'retryable', code: 'rate-limited', message: 'Slow.', retryAfterMs: 5 };
  const failed: ModelEvent = {
    type: 'failed',
    failure: { class: 'retryable', code: 'rate-limited', message: 'Slow.', retryAfterMs: 5 },
    usage: undefined,
  };

  test('comes after the text, of unknown cost', async () => {
    const played = model({ say: 'I was', fail });

    expect(await eventsOf(played, request())).toEqual([{ type: 'text', text: 'I was' }, failed]);
    expect(await eventsOf(played, request())).toEqual([{ type: 'text', text: 'I was' }, failed]);
  });

  test('ends after its times', async () => {
    const played = model({ say: 'Well.', fail: { ...fail, times: 2 } });
    const asked = request();

    const types = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      types.push((await eventsOf(played, asked)).at(-1)?.type);
    }
    expect(types).toEqual(['failed', 'failed', 'finished']);
  });
});

test('an aborted call ends as cancelled', async () => {
  expect(await eventsOf(model({ say: 'One.' }), request(), AbortSignal.abort())).toEqual([
    ended('cancelled', 'the call was cancelled'),
  ]);
});
