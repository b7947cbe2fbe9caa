import { done, refused } from '@chancery/kernel/refusal';
import { expect, test } from 'vitest';
import { parseScript, type Script } from './index.ts';

const full = {
  v: 1,
  name: 'repair',
  price: { inputMicrousd: 1, cachedInputMicrousd: 2, outputMicrousd: 3 },
  turns: [
    { say: 'Looking.', calls: [{ name: 'fs.read', args: { path: 'a' } }] },
    [
      {
        when: { failedWith: 'policy.denied', contains: 'no' },
        calls: [{ name: 'fs.list', malformed: '{' }],
        usage: { inputTokens: 5, outputTokens: 6 },
      },
      { expect: { succeeded: 'fs.read' }, say: 'Done.', stop: 'length' },
    ],
    {
      fail: {
        class: 'retryable',
        code: 'rate-limited',
        message: 'Slow.',
        retryAfterMs: 10,
        times: 1,
      },
    },
  ],
};

const free = { failedWith: undefined, succeeded: undefined, contains: undefined };
const bare = { when: free, expect: free, say: '', calls: [], usage: undefined, fail: undefined };

const read: Script = {
  name: 'repair',
  price: { inputMicrousd: 1, cachedInputMicrousd: 2, outputMicrousd: 3, source: 'script' },
  turns: [
    [
      {
        ...bare,
        say: 'Looking.',
        calls: [{ name: 'fs.read', args: { path: 'a' }, routing: undefined }],
        stop: 'calls',
      },
    ],
    [
      {
        ...bare,
        when: { ...free, failedWith: 'policy.denied', contains: 'no' },
        calls: [{ name: 'fs.list', args: { malformed: '{' }, routing: undefined }],
        stop: 'calls',
        usage: { inputTokens: 5, cachedInputTokens: 0, outputTokens: 6 },
      },
      { ...bare, expect: { ...free, succeeded: 'fs.read' }, say: 'Done.', stop: 'length' },
    ],
    [
      {
        ...bare,
        stop: 'end',
        fail: {
          failure: {
            class: 'retryable',
            code: 'rate-limited',
            message: 'Slow.',
            retryAfterMs: 10,
          },
          times: 1,
        },
      },
    ],
  ],
};

test('a script with everything in it is read', () => {
  expect(parseScript(JSON.stringify(full))).toEqual(done(read));
});

test('a script without a name and a price has those of the demo', () => {
  const script = parseScript('{"v":1,"turns":[{"say":"Hi."}]}');

  expect(script.ok && { name: script.value.name, price: script.value.price }).toEqual({
    name: 'script',
    price: {
      inputMicrousd: 3_000_000,
      cachedInputMicrousd: 300_000,
      outputMicrousd: 15_000_000,
      source: 'script',
    },
  });
});

function turns(...items: readonly unknown[]): string {
  return JSON.stringify({ v: 1, turns: items });
}

test.each([
  ['{', 'a broken string at offset 1'],
  ['{"v":1,"v":1}', 'a duplicate key at offset 10'],
  ['[]', 'script: must be an object'],
  ['{"turns":[]}', 'script: "v" is missing'],
  ['{"v":2,"turns":[]}', 'v: must be 1'],
  ['{"v":1}', 'script: "turns" is missing'],
  [turns(), 'turns: must hold a turn'],
  ['{"v":1,"turns":{}}', 'turns: must be an array'],
  ['{"v":1,"name":"","turns":[{"say":"a"}]}', 'name: must not be empty'],
  [turns({}), 'turns[0]: must say something, call something or fail'],
  [turns({ say: 1 }), 'turns[0].say: must be a string'],
  [turns([]), 'turns[0]: must hold an alternative'],
  [turns({ say: 'a' }, [{ say: 'b' }, 7]), 'turns[1][1]: must be an object'],
  [
    turns({ says: 'a' }),
    'turns[0]: unknown member "says"; known are when, expect, say, calls, stop, usage, fail',
  ],
  [turns({ calls: [{ name: 'a' }] }), 'turns[0].calls[0]: "args" is missing'],
  [turns({ calls: [{ name: 'a', args: [] }] }), 'turns[0].calls[0].args: must be an object'],
  [
    turns({ calls: [{ name: 'a', args: {}, malformed: '' }] }),
    'turns[0].calls[0]: has both "args" and "malformed"',
  ],
  [
    turns({ say: 'a', stop: 'never' }),
    'turns[0].stop: must be one of end, calls, length, refusal, other',
  ],
  [
    turns({ say: 'a', usage: { inputTokens: -1, outputTokens: 1 } }),
    'turns[0].usage.inputTokens: must be an integer of 0 or more',
  ],
  [turns({ fail: { code: 'overloaded' } }), 'turns[0].fail: "class" is missing'],
  [turns({ say: 'a', when: { failedWith: '' } }), 'turns[0].when.failedWith: must not be empty'],
  [
    '{"v":1,"price":{"inputMicrousd":1,"outputMicrousd":1},"turns":[{"say":"a"}]}',
    'price: "cachedInputMicrousd" is missing',
  ],
])('%s is refused, and the place is named', (text, message) => {
  expect(parseScript(text)).toEqual(refused('model.script-invalid', message));
});
