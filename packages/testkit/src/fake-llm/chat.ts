import { bearerOf, errorBody } from './openai-shared.ts';
import {
  commonProblem,
  firstProblem,
  isSent,
  isText,
  limitProblem,
  sentItems,
  toolProblem,
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

/* Chat Completions API of OpenAI, as its many imitations speak it, with `stream: true`. */

function chunk(model: string, rest: object): Frame {
  const head = { id: 'chatcmpl-fake', object: 'chat.completion.chunk', created: 0, model };
  return { data: JSON.stringify({ ...head, ...rest }) };
}

function delta(model: string, content: object, finish: string | null = null): Frame {
  return chunk(model, { choices: [{ index: 0, delta: content, finish_reason: finish }] });
}

function callDeltas(
  call: FakeCall,
  index: number,
  pieceChars: number | undefined,
): readonly object[] {
  const { id, name } = call;
  return [
    { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] },
    ...pieces(call.args, pieceChars).map((piece) => ({
      tool_calls: [{ index, function: { arguments: piece } }],
    })),
  ];
}

function frames(model: string, answer: FakeAnswer): readonly Frame[] {
  const { text, calls = [], pieceChars } = answer;
  const usage = usageOf(answer);
  const texts = text === undefined ? [] : pieces(text, pieceChars);
  const finish = {
    length: 'length',
    refusal: 'content_filter',
    none: calls.length > 0 ? 'tool_calls' : 'stop',
  };
  const counts = usage && {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
  };
  return [
    delta(model, { role: 'assistant', content: '' }),
    ...texts.map((content) => delta(model, { content })),
    ...calls
      .flatMap((call, nth) => callDeltas(call, nth, pieceChars))
      .map((part) => delta(model, part)),
    delta(model, {}, finish[answer.stop ?? 'none']),
    ...(counts === undefined ? [] : [chunk(model, { choices: [], usage: counts })]),
    { data: '[DONE]' },
  ];
}

function callProblem(call: Sent): string | undefined {
  const called = call['function'];
  const sound =
    isText(call['id']) && call['type'] === 'function' && isSent(called) && isText(called['name']);
  if (!sound) return 'tool_calls: id and function are required';
  return typeof called['arguments'] === 'string' ? undefined : 'arguments: must be a string';
}

function* messageProblems(messages: readonly Sent[]): Iterable<string | undefined> {
  let open: unknown[] = [];
  for (const message of messages) {
    if (message['role'] === 'tool') {
      const id = message['tool_call_id'];
      if (!open.includes(id)) yield `result of ${String(id)}, which was not called`;
      if (typeof message['content'] !== 'string') yield 'tool content must be a string';
      open = open.filter((called) => called !== id);
      continue;
    }
    if (open.length > 0) yield `call ${String(open[0])} has no result`;
    const calls = sentItems(message['tool_calls']) ?? [];
    for (const call of calls) yield callProblem(call);
    if (calls.length === 0 && !isText(message['content'])) yield 'content must not be empty';
    if (!['system', 'user', 'assistant'].includes(String(message['role']))) yield 'role is unknown';
    open = calls.map((call) => call['id']);
  }
  if (open.length > 0) yield `call ${String(open[0])} has no result`;
}

function* problems(body: Sent): Iterable<string | undefined> {
  yield commonProblem(body);
  yield limitProblem(body, 'max_tokens');
  const messages = sentItems(body['messages']);
  if (messages === undefined || messages.length === 0) yield 'messages: field required';
  yield* messageProblems(messages ?? []);
  for (const tool of sentItems(body['tools']) ?? []) {
    const offered = tool['function'];
    if (tool['type'] !== 'function' || !isSent(offered)) yield 'tools: function is required';
    else yield toolProblem(offered['name'], offered['parameters']);
  }
}

export const chat: WireFormat = {
  path: '/v1/chat/completions',
  credentialOf: bearerOf,
  problemOf: (body) => firstProblem(problems(body)),
  frames,
  errorFrame: (message) => ({ data: JSON.stringify(errorBody(500, message, 'server_error')) }),
  errorBody,
};
