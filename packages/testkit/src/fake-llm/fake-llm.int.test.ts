import { afterEach, describe, expect, test } from 'vitest';
import { startFakeLlm, type FakeCall, type FakeLlm, type FakeReply } from './index.ts';

const apiKey = 'test-credential';
let fake: FakeLlm | undefined;

afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

const anthropicHeaders = { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' };
const bearer = { authorization: `Bearer ${apiKey}` };

const hello: FakeReply = { kind: 'answer', text: 'Hello' };

async function post(
  path: string,
  body: object,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  fake ??= await startFakeLlm({ replies: () => hello, apiKey });
  const response = await fetch(`${fake.url}/${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const user = { role: 'user', content: 'Hi' };
const base = { model: 'm', stream: true };
const message = { ...base, max_tokens: 10, messages: [user] };
const input = { ...base, max_output_tokens: 10, store: false, input: [user] };

function eventNames(stream: string): readonly string[] {
  return Array.from(stream.matchAll(/^event: (.*)$/gm), (match) => match[1] ?? '');
}

describe('the answer of', () => {
  test('Messages is framed as Anthropic frames it', async () => {
    const { status, text } = await post('messages', message, anthropicHeaders);

    expect(status).toBe(200);
    expect(eventNames(text)).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  test('Responses is framed as OpenAI frames it', async () => {
    const { text } = await post('responses', input, bearer);

    expect(eventNames(text)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
  });

  test('Chat Completions ends with its usage and [DONE]', async () => {
    const { text } = await post('chat/completions', message, bearer);
    const frames = text.trim().split('\n\n');

    expect(frames.at(-1)).toBe('data: [DONE]');
    expect(JSON.parse(frames.at(-2)?.slice('data: '.length) ?? '')).toMatchObject({
      object: 'chat.completion.chunk',
      usage: { prompt_tokens: 100, completion_tokens: 20 },
    });
  });
});

const listed = { type: 'function', name: 'a', parameters: { type: 'object' } };
const kindsOfTools = [
  listed,
  { type: 'namespace', name: 'n', tools: [listed] },
  { type: 'custom', name: 'patch', format: { type: 'text' } },
  { type: 'web_search' },
];

describe('a call of Responses', () => {
  test.each<[string, Partial<FakeCall>, object]>([
    ['stands in its namespace', { namespace: 'n' }, { type: 'function_call', namespace: 'n' }],
    ['takes a text', { takesText: true }, { type: 'custom_tool_call', input: '{}' }],
  ])('%s', async (_, how, item) => {
    const calls = [{ id: 'c1', name: 'a', args: '{}', ...how }];
    fake = await startFakeLlm({ replies: [{ kind: 'answer', calls }], apiKey });
    // The provider asks for no limit, and some clients send none.
    const unlimited = { ...input, max_output_tokens: undefined };
    const { status, text } = await post(
      'responses?x=1',
      { ...unlimited, tools: kindsOfTools },
      bearer,
    );
    expect(status).toBe(200);
    const [, last = ''] = /^data: (.*output_item\.done.*)$/m.exec(text) ?? [];
    expect((JSON.parse(last) as { item: object }).item).toMatchObject({
      ...item,
      status: 'completed',
      call_id: 'c1',
      name: 'a',
    });
  });
});

const use = { type: 'tool_use', id: 'c1', name: 'a', input: {} };
const result = { type: 'tool_result', tool_use_id: 'c1', content: 'x' };
const chatCall = { id: 'c1', type: 'function', function: { name: 'a', arguments: '{}' } };
const itemCall = { type: 'function_call', call_id: 'c1', name: 'a', arguments: '{}' };
const schema = { type: 'object' };

function said(role: string, ...content: readonly object[]): object {
  return { role, content };
}

describe('as the provider would, it refuses', () => {
  test.each<[string, object, string]>([
    ['no model', { ...message, model: '' }, 'model: field required'],
    ['no stream', { ...message, stream: false }, 'stream: must be true'],
    ['no limit', { ...message, max_tokens: 0 }, 'max_tokens: field required'],
    ['no messages', { ...message, messages: [] }, 'messages: field required'],
    [
      'the assistant first',
      { ...message, messages: [{ role: 'assistant', content: 'Hi' }] },
      'messages: roles must alternate, the user first',
    ],
    [
      'an empty text',
      { ...message, messages: [said('user', { type: 'text', text: '' })] },
      'text content blocks must be non-empty',
    ],
    [
      'a call that has no result',
      { ...message, messages: [user, said('assistant', use), user] },
      'call "c1" has no result',
    ],
    [
      'a result that was not called for',
      { ...message, messages: [said('user', result)] },
      'result of "c1", which was not called',
    ],
    [
      'a tool name with a dot',
      { ...message, tools: [{ name: 'a.b', input_schema: schema }] },
      'tool name a.b is not allowed',
    ],
    [
      'a tool without a schema',
      { ...message, tools: [{ name: 'a' }] },
      'tool a has no object schema',
    ],
  ])('Messages with %s', async (_, body, problem) => {
    const { status, text } = await post('messages', body, anthropicHeaders);

    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: problem },
    });
    expect(fake?.requests[0]?.problem).toBe(problem);
  });

  test.each<[string, object, string]>([
    [
      'a call that has no result',
      { ...message, messages: [user, { role: 'assistant', tool_calls: [chatCall] }, user] },
      'call c1 has no result',
    ],
    [
      'a result that was not called for',
      { ...message, messages: [user, { role: 'tool', tool_call_id: 'c1', content: '' }] },
      'result of c1, which was not called',
    ],
    [
      'arguments that are no text',
      {
        ...message,
        messages: [
          {
            role: 'assistant',
            tool_calls: [{ ...chatCall, function: { name: 'a', arguments: {} } }],
          },
        ],
      },
      'arguments: must be a string',
    ],
    [
      'a tool name with a dot',
      { ...message, tools: [{ type: 'function', function: { name: 'a.b', parameters: schema } }] },
      'tool name a.b is not allowed',
    ],
  ])('Chat Completions with %s', async (_, body, problem) => {
    const { status, text } = await post('chat/completions', body, bearer);

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { message: problem } });
  });

  test.each<[string, object, string]>([
    ['storing', { ...input, store: true }, 'store: this account keeps nothing'],
    ['a call that has no result', { ...input, input: [user, itemCall] }, 'call "c1" has no result'],
    [
      'an unknown item',
      { ...input, input: [{ type: 'item_reference', id: 'x' }] },
      'item of type item_reference is unknown',
    ],
    [
      'a tool name with a dot',
      { ...input, tools: [{ type: 'function', name: 'a.b', parameters: schema }] },
      'tool name a.b is not allowed',
    ],
  ])('Responses with %s', async (_, body, problem) => {
    const { status, text } = await post('responses', body, bearer);

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { message: problem } });
  });

  test.each(['messages', 'chat/completions', 'responses'])(
    '%s without the credential',
    async (path) => {
      const body = path === 'responses' ? input : message;
      const { status } = await post(path, body, { 'anthropic-version': '2023-06-01' });

      expect(status).toBe(401);
    },
  );

  test('a path that no provider has', async () => {
    expect((await post('models', {}, bearer)).status).toBe(404);
  });
});

test('a request is recorded as it came, its credential masked', async () => {
  await post('messages', message, anthropicHeaders);

  expect(fake?.requests).toMatchObject([
    { wire: 'anthropic', headers: { 'x-api-key': '***' }, body: message, problem: undefined },
  ]);
});

test('replies are given in their order, and none is left in the end', async () => {
  fake = await startFakeLlm({
    replies: [{ kind: 'http-error', status: 529, message: 'Later.' }, hello],
    apiKey,
  });
  const statuses = [];
  for (let nth = 0; nth < 3; nth += 1) {
    statuses.push((await post('messages', message, anthropicHeaders)).status);
  }

  expect(statuses).toEqual([529, 200, 500]);
});
