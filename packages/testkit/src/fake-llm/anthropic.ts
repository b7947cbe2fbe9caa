import {
  commonProblem,
  firstProblem,
  isText,
  limitProblem,
  sentItems,
  toolProblem,
  unanswered,
  type Sent,
} from './request-check.ts';
import {
  pieces,
  usageOf,
  type FakeAnswer,
  type FakeCall,
  type Frame,
  type WireFormat,
} from './scenario.ts';

/* Messages API, version 2023-06-01, with `stream: true`. */

function frame(event: string, data: object): Frame {
  return { event, data: JSON.stringify({ type: event, ...data }) };
}

const ping: Frame = frame('ping', {});

function textBlock(index: number, text: string, pieceChars: number | undefined): readonly Frame[] {
  return [
    frame('content_block_start', { index, content_block: { type: 'text', text: '' } }),
    ping,
    ...pieces(text, pieceChars).map((piece) =>
      frame('content_block_delta', { index, delta: { type: 'text_delta', text: piece } }),
    ),
    frame('content_block_stop', { index }),
  ];
}

function callBlock(
  index: number,
  call: FakeCall,
  pieceChars: number | undefined,
): readonly Frame[] {
  const { id, name } = call;
  return [
    frame('content_block_start', {
      index,
      content_block: { type: 'tool_use', id, name, input: {} },
    }),
    ...pieces(call.args, pieceChars).map((piece) =>
      frame('content_block_delta', {
        index,
        delta: { type: 'input_json_delta', partial_json: piece },
      }),
    ),
    frame('content_block_stop', { index }),
  ];
}

function frames(model: string, answer: FakeAnswer): readonly Frame[] {
  const { text, calls = [], pieceChars } = answer;
  const usage = usageOf(answer) ?? { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
  const texts = text === undefined ? [] : textBlock(0, text, pieceChars);
  const first = text === undefined ? 0 : 1;
  const stop = {
    length: 'max_tokens',
    refusal: 'refusal',
    none: calls.length > 0 ? 'tool_use' : 'end_turn',
  };
  return [
    frame('message_start', {
      message: {
        id: 'msg_fake',
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: {
          input_tokens: usage.inputTokens - usage.cachedInputTokens,
          cache_read_input_tokens: usage.cachedInputTokens,
          cache_creation_input_tokens: 0,
          output_tokens: 1,
        },
      },
    }),
    ...texts,
    ...calls.flatMap((call, nth) => callBlock(first + nth, call, pieceChars)),
    frame('message_delta', {
      delta: { stop_reason: stop[answer.stop ?? 'none'], stop_sequence: null },
      usage: { output_tokens: usage.outputTokens },
    }),
    frame('message_stop', {}),
  ];
}

function blocksOf(message: Sent): readonly Sent[] | undefined {
  const { content } = message;
  return isText(content) ? [{ type: 'text', text: content }] : sentItems(content);
}

function blockProblem(role: unknown, block: Sent): string | undefined {
  switch (block['type']) {
    case 'text':
      return isText(block['text']) ? undefined : 'text content blocks must be non-empty';
    case 'tool_use':
      if (role !== 'assistant') return 'tool_use blocks are for the assistant';
      return isText(block['id']) && typeof block['input'] === 'object'
        ? undefined
        : 'tool_use.input: must be an object';
    case 'tool_result':
      return role === 'user' ? undefined : 'tool_result blocks are for the user';
    default:
      return `content block of type ${String(block['type'])} is unknown`;
  }
}

function idsOf(blocks: readonly Sent[], type: string, id: string): readonly unknown[] {
  return blocks.filter((block) => block['type'] === type).map((block) => block[id]);
}

function* messageProblems(messages: readonly Sent[]): Iterable<string | undefined> {
  let called: readonly unknown[] = [];
  let before: unknown = 'assistant';
  for (const message of messages) {
    const { role } = message;
    if (role !== 'user' && role !== 'assistant') yield `messages: role ${String(role)} is unknown`;
    if (role === before) yield 'messages: roles must alternate, the user first';
    const blocks = blocksOf(message);
    if (blocks === undefined || blocks.length === 0) {
      yield 'messages: content must not be empty';
      return;
    }
    for (const block of blocks) yield blockProblem(role, block);
    yield unanswered(called, idsOf(blocks, 'tool_result', 'tool_use_id'));
    called = idsOf(blocks, 'tool_use', 'id');
    before = role;
  }
  if (called.length > 0) yield 'messages: the last call has no result';
}

function* problems(body: Sent, headers: Sent): Iterable<string | undefined> {
  yield commonProblem(body);
  yield limitProblem(body, 'max_tokens');
  if (headers['anthropic-version'] !== '2023-06-01') yield 'anthropic-version: header is required';
  const messages = sentItems(body['messages']);
  if (messages === undefined || messages.length === 0) yield 'messages: field required';
  yield* messageProblems(messages ?? []);
  for (const tool of sentItems(body['tools']) ?? []) {
    yield toolProblem(tool['name'], tool['input_schema']);
  }
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

export const anthropic: WireFormat = {
  path: '/v1/messages',
  credentialOf: (headers) => {
    const key = headers['x-api-key'];
    return isText(key) ? key : undefined;
  },
  problemOf: (body, headers) => firstProblem(problems(body, headers)),
  frames,
  errorFrame: (message) => frame('error', { error: { type: 'overloaded_error', message } }),
  errorBody: (status, message, code) => ({
    type: 'error',
    error: { type: code ?? errorTypes[status] ?? 'api_error', message },
  }),
};
