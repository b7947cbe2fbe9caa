import { expect, test } from 'vitest';
import { refusal } from '@chancery/kernel/refusal';
import {
  buildWindow,
  errorCodeOf,
  failureMessage,
  observationMessage,
  refusalMessage,
  requestDigest,
  type ModelCall,
  type ModelRequest,
  type WindowTurn,
} from './index.ts';

function call(id: string, name = 'fs.read'): ModelCall {
  return { id, name, args: { path: 'a' } };
}

function turn(id: string, text: string): WindowTurn {
  const calls = [call(id)];
  return { text: '', calls, results: [observationMessage(call(id), { text })], note: '' };
}

const input = { system: 'You are.', task: 'Do it.', resultChars: 1000 };

test('a conversation begins with the rules and the task', () => {
  expect(buildWindow({ ...input, turns: [] })).toEqual([
    { role: 'system', text: 'You are.' },
    { role: 'user', text: 'Do it.' },
  ]);
});

test('calls are answered in their order, and notes come after', () => {
  const [one, two] = [call('1'), call('2', 'shell.run')];
  const denied = refusalMessage(two, refusal('policy.denied', 'no network'));
  const seen = observationMessage(one, { text: 'x' });
  const turns = [{ text: 'Both.', calls: [one, two], results: [denied, seen], note: 'Go on.' }];

  expect(buildWindow({ ...input, turns }).slice(2)).toEqual([
    { role: 'assistant', text: 'Both.', calls: [one, two] },
    seen,
    denied,
    { role: 'user', text: 'Go on.' },
  ]);
});

test('a call without a result is a fault', () => {
  const turns = [{ text: '', calls: [call('1')], results: [], note: '' }];

  expect(() => buildWindow({ ...input, turns })).toThrow('the call 1 has no result');
});

test('the oldest results are left out when they no longer fit, and their size is told', () => {
  const turns = ['1', '2', '3'].map((id) => turn(id, 'x'.repeat(39)));

  const results = buildWindow({ ...input, turns, resultChars: 110 }).filter(
    (message) => message.role === 'tool',
  );
  expect(results.map((message) => message.result)).toEqual([
    { leftOut: { chars: 50, why: 'too old to be shown' } },
    { text: 'x'.repeat(39) },
    { text: 'x'.repeat(39) },
  ]);
});

test('results of the last turn are shown even when they do not fit', () => {
  const turns = [turn('1', 'old'), turn('2', 'x'.repeat(2000))];

  const results = buildWindow({ ...input, turns }).filter((message) => message.role === 'tool');
  expect(results.map((message) => message.result)).toEqual([
    { leftOut: { chars: 14, why: 'too old to be shown' } },
    { text: 'x'.repeat(2000) },
  ]);
});

test('a model sees a refusal with its code and remedy', () => {
  const message = refusalMessage(call('1'), refusal('policy.denied', 'no network'));

  expect(message).toEqual({
    role: 'tool',
    callId: '1',
    name: 'fs.read',
    result: {
      error: {
        code: 'policy.denied',
        message: 'no network',
        remedy: 'Follow the advice of the rule, or have the policy changed.',
        retryable: false,
        details: {},
      },
    },
    failed: true,
  });
  expect(errorCodeOf(message)).toBe('policy.denied');
});

test('a model sees what may be assumed of a failure', () => {
  const failure = { class: 'unknown', code: 'timeout', message: 'too slow' } as const;

  expect(failureMessage(call('1'), failure).result).toEqual({
    error: {
      code: 'timeout',
      message: 'too slow',
      remedy: 'Nobody knows whether it happened. Look before you do it again.',
      retryable: false,
      details: {},
    },
  });
});

test('an observation has no error code, even when it looks like an error', () => {
  expect(errorCodeOf(observationMessage(call('1'), { error: { code: 'x' } }))).toBeUndefined();
});

test('a request is named by everything that is sent', () => {
  const request: ModelRequest = {
    messages: buildWindow({ ...input, turns: [turn('1', 'x')] }),
    tools: [{ name: 'fs.read', description: 'Reads.', input: { type: 'object' } }],
    maxOutputTokens: 100,
  };
  const others: readonly [string, ModelRequest][] = [
    ['a', request],
    ['b', request],
    ['a', { ...request, maxOutputTokens: 101 }],
    ['a', { ...request, tools: [] }],
    ['a', { ...request, messages: request.messages.slice(0, 2) }],
  ];

  const digests = others.map(([model, asked]) => requestDigest(model, asked));
  expect(new Set(digests).size).toBe(others.length);
  expect(requestDigest('a', { ...request, messages: [...request.messages] })).toBe(digests[0]);
});
