import { refusal } from '@chancery/kernel/refusal';
import {
  buildWindow,
  localPrice,
  observationMessage,
  refusalMessage,
  type Model,
  type ModelCall,
  type ModelEvent,
  type ModelRequest,
} from '@chancery/runtime/cognition';
import {
  startFakeLlm,
  type FakeAnswer,
  type FakeLlm,
  type FakeReply,
} from '@chancery/testkit/fake-llm';
import { afterEach, describe, expect, test } from 'vitest';
import { liveModel } from './index.ts';

const apiKey = 'test-credential-0123456789';
const providers = ['anthropic', 'openai', 'openai-compatible'] as const;
type Provider = (typeof providers)[number];

const request: ModelRequest = {
  messages: buildWindow({ system: 'You repair code.', task: 'Go.', turns: [], resultChars: 1000 }),
  tools: ['fs.read', 'shell.run'].map((name) => ({
    name,
    description: `Does ${name}.`,
    input: {
      type: 'object',
      properties: { path: { type: 'string' }, maxBytes: { type: 'integer' } },
      required: ['path'],
      additionalProperties: false,
    },
  })),
  maxOutputTokens: 1000,
};

const usage = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 20 };
const nothing = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

let fake: FakeLlm | undefined;

afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

function modelAt(provider: Provider, baseUrl: string, timeoutMs = 20_000): Model {
  return liveModel({
    provider,
    name: 'test-model',
    baseUrl,
    apiKey,
    price: localPrice,
    timeoutMs,
  });
}

async function serve(provider: Provider, replies: readonly FakeReply[]): Promise<Model> {
  fake = await startFakeLlm({ replies, apiKey });
  return modelAt(provider, fake.url);
}

async function eventsOf(
  model: Model,
  asked: ModelRequest = request,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.stream(asked, signal)) events.push(event);
  return events;
}

/** The events with text joined, however it was cut into pieces on its way. */
function joined(events: readonly ModelEvent[]): readonly ModelEvent[] {
  const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  const others = events.filter((event) => event.type !== 'text');
  return text === '' ? others : [{ type: 'text', text }, ...others];
}

async function answerOf(provider: Provider, answer: FakeAnswer): Promise<readonly ModelEvent[]> {
  return joined(await eventsOf(await serve(provider, [{ kind: 'answer', ...answer }])));
}

async function failureOf(provider: Provider, reply: FakeReply): Promise<ModelEvent | undefined> {
  return (await eventsOf(await serve(provider, [reply]))).at(-1);
}

describe.each(providers)('%s', (provider) => {
  test('streams text piece by piece', async () => {
    const model = await serve(provider, [{ kind: 'answer', text: 'Hello there 😀 é', usage }]);
    const events = await eventsOf(model);

    expect(events.filter((event) => event.type === 'text').length).toBeGreaterThan(1);
    expect(joined(events)).toEqual([
      { type: 'text', text: 'Hello there 😀 é' },
      { type: 'finished', stop: 'end', usage },
    ]);
    expect(fake?.requests.map(({ problem }) => problem)).toEqual([undefined]);
  });

  test('hands on calls under the names of the capabilities', async () => {
    const answer = {
      text: 'Two.',
      calls: [
        { id: 'c1', name: 'fs_read', args: '{"path":"src/a.ts","maxBytes":100}' },
        { id: 'c2', name: 'shell_run', args: '{"path":"x"}' },
      ],
      pieceChars: 3,
    };

    expect(await answerOf(provider, answer)).toEqual([
      { type: 'text', text: 'Two.' },
      {
        type: 'call',
        call: { id: 'c1', name: 'fs.read', args: { path: 'src/a.ts', maxBytes: 100 } },
      },
      { type: 'call', call: { id: 'c2', name: 'shell.run', args: { path: 'x' } } },
      { type: 'finished', stop: 'calls', usage },
    ]);
  });

  test.each([
    ['that break off', '{"path":'],
    ['that are no object', '["a"]'],
    ['with a fraction', '{"path":"a","maxBytes":1.5}'],
    ['with a duplicate key', '{"path":"a","path":"b"}'],
  ])('hands on arguments %s as malformed', async (_, args) => {
    expect(await answerOf(provider, { calls: [{ id: 'c1', name: 'fs_read', args }] })).toEqual([
      { type: 'call', call: { id: 'c1', name: 'fs.read', args: { malformed: args } } },
      { type: 'finished', stop: 'calls', usage },
    ]);
  });

  test('hands on a call of a tool that was not offered', async () => {
    const calls = [{ id: 'c1', name: 'rm_rf', args: '{"path":"/"}' }];

    expect(await answerOf(provider, { calls })).toEqual([
      { type: 'call', call: { id: 'c1', name: 'rm_rf', args: { path: '/' } } },
      { type: 'finished', stop: 'calls', usage },
    ]);
  });

  test('gives every call of a conversation an id of its own', async () => {
    const call: ModelCall = { id: 'c1', name: 'fs.read', args: {} };
    const results = [observationMessage(call, {})];
    const turns = [{ text: '', calls: [call], results, note: '' }];
    const messages = buildWindow({ system: 'S', task: 'T', turns, resultChars: 1000 });
    const calls = ['c1', 'c9'].map((id) => ({ id, name: 'fs_read', args: '{}' }));
    const model = await serve(provider, [{ kind: 'answer', calls }]);

    const events = await eventsOf(model, { ...request, messages });
    expect(events.flatMap((event) => (event.type === 'call' ? [event.call.id] : []))).toEqual([
      'c1_2',
      'c9',
    ]);
  });

  test.each(['length', 'refusal'] as const)('tells that it stopped by %s', async (stop) => {
    expect(await answerOf(provider, { text: 'Half', stop })).toEqual([
      { type: 'text', text: 'Half' },
      { type: 'finished', stop, usage },
    ]);
  });

  test('tells which model the provider says has answered, where it is another', async () => {
    const said = { text: 'Hi', servedBy: 'cheaper-model-2026' };

    expect(await answerOf(provider, said)).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'finished', stop: 'end', usage, servedBy: 'cheaper-model-2026' },
    ]);
  });

  test('takes a large answer', async () => {
    const text = 'All work and no play. '.repeat(20_000);

    expect(await answerOf(provider, { text, pieceChars: 4096 })).toEqual([
      { type: 'text', text },
      { type: 'finished', stop: 'end', usage },
    ]);
  });

  test.each<[number, string | undefined, string, string]>([
    [400, undefined, 'terminal', 'bad-request'],
    [400, 'context_length_exceeded', 'terminal', 'context-too-long'],
    [401, undefined, 'terminal', 'unauthorised'],
    [403, undefined, 'terminal', 'unauthorised'],
    [404, undefined, 'terminal', 'bad-request'],
    [413, undefined, 'terminal', 'context-too-long'],
    [429, undefined, 'retryable', 'rate-limited'],
    [429, 'insufficient_quota', 'terminal', 'rate-limited'],
    [500, undefined, 'retryable', 'overloaded'],
    [529, undefined, 'retryable', 'overloaded'],
  ])('a status %i (%s) is %s, %s, and costs nothing', async (status, code, kind, failure) => {
    const coded = code === undefined ? {} : { code };

    expect(
      await failureOf(provider, { kind: 'http-error', status, message: 'No.', ...coded }),
    ).toEqual({
      type: 'failed',
      failure: { class: kind, code: failure, message: 'No.', retryAfterMs: undefined },
      usage: nothing,
    });
  });

  test('is asked once, whatever happens', async () => {
    await failureOf(provider, { kind: 'http-error', status: 429, message: 'No.' });

    expect(fake?.requests.length).toBe(1);
  });

  test('tells how long the provider asks to wait', async () => {
    const reply = { kind: 'http-error', status: 429, message: 'Slow.' } as const;

    expect(await failureOf(provider, { ...reply, headers: { 'retry-after': '7' } })).toMatchObject({
      failure: { code: 'rate-limited', retryAfterMs: 7000 },
    });
  });

  test('shows no credential that the provider repeats', async () => {
    const coded = Buffer.from(apiKey).toString('base64');
    const message = `${apiKey} is not valid, nor is ${coded}`;
    const model = await serve(provider, [{ kind: 'http-error', status: 401, message }]);

    const shown = JSON.stringify(await eventsOf(model));
    expect(shown).toContain('[redacted:known] is not valid');
    expect(shown).not.toContain(apiKey);
    expect(shown).not.toContain(coded.slice(2, -4));
    expect(JSON.stringify(fake?.requests)).not.toContain(apiKey);
  });

  test('an error in the middle of the answer is the provider’s, of unknown cost', async () => {
    const text = 'An answer that is long enough to be begun';

    expect(await failureOf(provider, { kind: 'error-event', text, message: 'overloaded' })).toEqual(
      {
        type: 'failed',
        failure: {
          class: 'retryable',
          code: 'overloaded',
          message: 'overloaded',
          retryAfterMs: undefined,
        },
        usage: undefined,
      },
    );
  });

  test.each(['end', 'reset'] as const)('a stream cut by %s is cut off', async (how) => {
    const text = 'An answer that is long enough to be begun';
    const model = await serve(provider, [{ kind: 'cut', how, text }]);

    const events = await eventsOf(model);
    expect(events[0]).toMatchObject({ type: 'text' });
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      failure: { class: 'unknown', code: 'cut-off' },
      usage: undefined,
    });
  });

  test('a stream without anything in it is cut off', async () => {
    const reply = { kind: 'body', contentType: 'text/event-stream', body: '' } as const;

    expect(await failureOf(provider, reply)).toMatchObject({
      failure: { class: 'unknown', code: 'cut-off' },
    });
  });

  test('an answer that is no stream breaks the protocol', async () => {
    const reply = { kind: 'body', contentType: 'text/html', body: '<html>' } as const;

    expect(await failureOf(provider, reply)).toEqual({
      type: 'failed',
      failure: {
        class: 'terminal',
        code: 'protocol',
        message: 'the provider answered with content type text/html',
        retryAfterMs: undefined,
      },
      usage: undefined,
    });
  });

  test('a redirect is not followed', async () => {
    const headers = { location: 'http://127.0.0.1:9/elsewhere' };

    expect(
      await failureOf(provider, { kind: 'http-error', status: 307, message: '', headers }),
    ).toMatchObject({
      failure: {
        class: 'terminal',
        code: 'protocol',
        message: 'the provider redirects to another address',
      },
    });
  });

  test('a stream that stalls ends at the time limit', async () => {
    fake = await startFakeLlm({ replies: [{ kind: 'stall', text: 'Wait for me' }], apiKey });

    expect((await eventsOf(modelAt(provider, fake.url, 300))).at(-1)).toMatchObject({
      failure: { class: 'unknown', code: 'timeout' },
      usage: undefined,
    });
  });

  test('an aborted call ends as cancelled', async () => {
    const model = await serve(provider, [{ kind: 'stall', text: 'Wait for me, please' }]);
    const cancel = new AbortController();
    const events: ModelEvent[] = [];
    for await (const event of model.stream(request, cancel.signal)) {
      events.push(event);
      cancel.abort();
    }

    expect(events.at(-1)).toMatchObject({
      failure: { class: 'terminal', code: 'cancelled' },
      usage: undefined,
    });
  });

  test('a provider that is not there is unreachable, and costs nothing', async () => {
    fake = await startFakeLlm({ replies: [] });
    const { url } = fake;
    await fake.close();
    fake = undefined;

    expect(await eventsOf(modelAt(provider, url))).toMatchObject([
      {
        type: 'failed',
        failure: { class: 'retryable', code: 'unreachable' },
        usage: nothing,
      },
    ]);
  });
});

describe('a conversation with results is sent', () => {
  const read: ModelCall = { id: 'c1', name: 'fs.read', args: { path: 'a' } };
  const run: ModelCall = { id: 'c2', name: 'shell.run', args: { malformed: '{"path":' } };
  const lost: ModelCall = { id: 'c3', name: 'no.such/tool', args: {} };
  const why = refusal('policy.denied', 'no', { remedy: 'Stop.' });
  const messages = buildWindow({
    system: 'S',
    task: 'T',
    turns: [
      {
        text: 'Looking.',
        calls: [read, run],
        results: [observationMessage(read, { text: 'x' }), refusalMessage(run, why)],
        note: '',
      },
      { text: '', calls: [lost], results: [observationMessage(lost, {})], note: 'Go on.' },
      { text: '', calls: [], results: [], note: 'Well?' },
    ],
    resultChars: 1000,
  });
  const refusedText =
    '{"error":{"code":"policy.denied","details":{},"message":"no","remedy":"Stop.","retryable":false}}';

  async function sentTo(provider: Provider): Promise<FakeLlm['requests'][number] | undefined> {
    const model = await serve(provider, [{ kind: 'answer', text: 'Done.' }]);
    const events = await eventsOf(model, { ...request, messages });
    expect(events.at(-1)).toEqual({ type: 'finished', stop: 'end', usage });
    return fake?.requests[0];
  }

  function text(words: string): object {
    return { type: 'text', text: words };
  }

  test('to Anthropic as blocks', async () => {
    const sent = await sentTo('anthropic');

    expect(sent?.wire).toBe('anthropic');
    expect(sent?.body['system']).toEqual([text('S')]);
    expect(sent?.body['messages']).toEqual([
      { role: 'user', content: [text('T')] },
      {
        role: 'assistant',
        content: [
          text('Looking.'),
          { type: 'tool_use', id: 'c1', name: 'fs_read', input: { path: 'a' } },
          { type: 'tool_use', id: 'c2', name: 'shell_run', input: { malformed: '{"path":' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: '{"text":"x"}' },
          { type: 'tool_result', tool_use_id: 'c2', content: refusedText, is_error: true },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'c3', name: 'no_such_tool', input: {} }],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'c3', content: '{}' }, text('Go on.')],
      },
      { role: 'assistant', content: [text('(no answer)')] },
      { role: 'user', content: [text('Well?')] },
    ]);
  });

  test('to OpenAI as items, kept by nobody', async () => {
    const sent = await sentTo('openai');
    const call = (call_id: string, name: string, args: string): object => {
      return { type: 'function_call', call_id, name, arguments: args };
    };
    const user = (words: string): object => {
      return { role: 'user', content: [{ type: 'input_text', text: words }] };
    };

    expect(sent?.wire).toBe('responses');
    expect(sent?.body['store']).toBe(false);
    expect(sent?.body['input']).toEqual([
      { role: 'system', content: 'S' },
      user('T'),
      { role: 'assistant', content: 'Looking.' },
      call('c1', 'fs_read', '{"path":"a"}'),
      call('c2', 'shell_run', '{"malformed":"{\\"path\\":"}'),
      { type: 'function_call_output', call_id: 'c1', output: '{"text":"x"}' },
      { type: 'function_call_output', call_id: 'c2', output: refusedText },
      call('c3', 'no_such_tool', '{}'),
      { type: 'function_call_output', call_id: 'c3', output: '{}' },
      user('Go on.'),
      { role: 'assistant', content: '(no answer)' },
      user('Well?'),
    ]);
  });

  test('to compatible servers as messages', async () => {
    const sent = await sentTo('openai-compatible');
    const call = (id: string, name: string, args: string): object => {
      return { id, type: 'function', function: { name, arguments: args } };
    };

    expect(sent?.wire).toBe('chat');
    expect(sent?.body['messages']).toEqual([
      { role: 'system', content: 'S' },
      { role: 'user', content: 'T' },
      {
        role: 'assistant',
        content: 'Looking.',
        tool_calls: [
          call('c1', 'fs_read', '{"path":"a"}'),
          call('c2', 'shell_run', '{"malformed":"{\\"path\\":"}'),
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '{"text":"x"}' },
      { role: 'tool', tool_call_id: 'c2', content: refusedText },
      { role: 'assistant', content: null, tool_calls: [call('c3', 'no_such_tool', '{}')] },
      { role: 'tool', tool_call_id: 'c3', content: '{}' },
      { role: 'user', content: 'Go on.' },
      { role: 'assistant', content: '(no answer)' },
      { role: 'user', content: 'Well?' },
    ]);
  });
});

describe.each(['openai', 'openai-compatible'] as const)('%s', (provider) => {
  test.each([null, nothing])('an answer with usage %j counts as used in full', async (untold) => {
    const model = await serve(provider, [{ kind: 'answer', text: 'Hi', usage: untold }]);

    expect((await eventsOf(model)).at(-1)).toEqual({
      type: 'finished',
      stop: 'end',
      usage: {
        inputTokens: model.estimateTokens(request),
        cachedInputTokens: 0,
        outputTokens: request.maxOutputTokens,
      },
    });
  });
});

test('a server on one’s own machine gets no credential', async () => {
  fake = await startFakeLlm({ replies: [{ kind: 'answer', text: 'Hi' }] });
  const model = liveModel({
    provider: 'openai-compatible',
    name: 'llama',
    baseUrl: fake.url,
    apiKey: '',
    price: localPrice,
    timeoutMs: 20_000,
  });

  expect((await eventsOf(model)).at(-1)).toMatchObject({ type: 'finished' });
  expect(fake.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
});
