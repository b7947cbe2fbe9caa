import { bearerOf, errorBody } from './openai-shared.ts';
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

/* Responses API of OpenAI, with `stream: true`. */

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

function itemEvents(
  output_index: number,
  item: object,
  inner: readonly Event[],
  whole: object,
): readonly Event[] {
  return [
    { type: 'response.output_item.added', output_index, item },
    ...inner,
    { type: 'response.output_item.done', output_index, item: whole },
  ];
}

function textEvents(
  output_index: number,
  text: string,
  pieceChars: number | undefined,
): readonly Event[] {
  const id = `msg_${output_index}`;
  const item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
  const at = { item_id: id, output_index, content_index: 0 };
  const part = { type: 'output_text', text, annotations: [] };
  const inner: readonly Event[] = [
    { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
    ...pieces(text, pieceChars).map((delta) => ({
      type: 'response.output_text.delta',
      ...at,
      delta,
    })),
    { type: 'response.output_text.done', ...at, text },
    { type: 'response.content_part.done', ...at, part },
  ];
  return itemEvents(output_index, item, inner, { ...item, status: 'completed', content: [part] });
}

function textCallEvents(
  output_index: number,
  { id: call_id, name, args: input }: FakeCall,
  pieceChars: number | undefined,
): readonly Event[] {
  const id = `ctc_${output_index}`;
  const item = { id, type: 'custom_tool_call', status: 'in_progress', call_id, name, input: '' };
  const at = { item_id: id, output_index };
  const inner: readonly Event[] = [
    ...pieces(input, pieceChars).map((delta) => ({
      type: 'response.custom_tool_call_input.delta',
      ...at,
      delta,
    })),
    { type: 'response.custom_tool_call_input.done', ...at, input },
  ];
  return itemEvents(output_index, item, inner, { ...item, status: 'completed', input });
}

function callEvents(
  output_index: number,
  call: FakeCall,
  pieceChars: number | undefined,
): readonly Event[] {
  if (call.takesText === true) return textCallEvents(output_index, call, pieceChars);
  const id = `fc_${output_index}`;
  const item = {
    id,
    type: 'function_call',
    call_id: call.id,
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
    arguments: '',
    status: 'in_progress',
  };
  const at = { item_id: id, output_index };
  const inner: readonly Event[] = [
    ...pieces(call.args, pieceChars).map((delta) => ({
      type: 'response.function_call_arguments.delta',
      ...at,
      delta,
    })),
    { type: 'response.function_call_arguments.done', ...at, arguments: call.args },
  ];
  return itemEvents(output_index, item, inner, {
    ...item,
    arguments: call.args,
    status: 'completed',
  });
}

const incomplete = { length: 'max_output_tokens', refusal: 'content_filter' } as const;

function endEvent(response: object, answer: FakeAnswer): Event {
  const usage = usageOf(answer);
  const counts = usage && {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
  const reason = answer.stop === undefined ? null : { reason: incomplete[answer.stop] };
  const status = reason === null ? 'completed' : 'incomplete';
  return {
    type: `response.${status}`,
    response: { ...response, status, incomplete_details: reason, usage: counts ?? null },
  };
}

function frames(model: string, answer: FakeAnswer): readonly Frame[] {
  const { text, calls = [], pieceChars } = answer;
  const response = { id: 'resp_fake', object: 'response', created_at: 0, model, output: [] };
  const first = text === undefined ? 0 : 1;
  const started = { ...response, status: 'in_progress' };
  const events: readonly Event[] = [
    { type: 'response.created', response: started },
    { type: 'response.in_progress', response: started },
    ...(text === undefined ? [] : textEvents(0, text, pieceChars)),
    ...calls.flatMap((call, nth) => callEvents(first + nth, call, pieceChars)),
    endEvent(response, answer),
  ];
  return events.map((event, sequence_number) => ({
    event: event.type,
    data: JSON.stringify({ ...event, sequence_number }),
  }));
}

function itemProblem(item: Sent): string | undefined {
  switch (item['type'] ?? 'message') {
    case 'message': {
      const { content, role } = item;
      if (!['system', 'developer', 'user', 'assistant'].includes(String(role)))
        return 'role is unknown';
      const parts = isText(content) ? [{ text: content }] : sentItems(content);
      return parts?.every((part) => isText(part['text'])) ? undefined : 'content must not be empty';
    }
    case 'function_call':
      return isText(item['name']) && typeof item['arguments'] === 'string'
        ? undefined
        : 'function_call: name and arguments are required';
    case 'custom_tool_call':
      return isText(item['name']) && typeof item['input'] === 'string'
        ? undefined
        : 'custom_tool_call: name and input are required';
    case 'function_call_output':
    case 'custom_tool_call_output':
      return typeof item['output'] === 'string' ? undefined : 'output: must be a string';
    default:
      return `item of type ${String(item['type'])} is unknown`;
  }
}

/** Tools that have no schema: those that take a text, and those that are known by their type. */
const schemaless = new Set(['custom', 'tool_search', 'web_search']);

function* toolProblems(tools: readonly Sent[]): Iterable<string | undefined> {
  for (const tool of tools) {
    const { type, name } = tool;
    if (type === 'function') yield toolProblem(name, tool['parameters']);
    else if (type === 'namespace') yield* toolProblems(sentItems(tool['tools']) ?? []);
    else yield schemaless.has(String(type)) ? undefined : `tools: type ${String(type)} is unknown`;
  }
}

function* problems(body: Sent): Iterable<string | undefined> {
  yield commonProblem(body);
  if (body['max_output_tokens'] !== undefined) yield limitProblem(body, 'max_output_tokens');
  if (body['store'] !== false) yield 'store: this account keeps nothing';
  const input = sentItems(body['input']);
  if (input === undefined || input.length === 0) yield 'input: field required';
  const items = input ?? [];
  for (const item of items) yield itemProblem(item);
  const idsOf = (type: string): unknown[] =>
    items.filter((item) => item['type'] === type).map((item) => item['call_id']);
  for (const call of ['function_call', 'custom_tool_call']) {
    yield unanswered(idsOf(call), idsOf(`${call}_output`));
  }
  yield* toolProblems(sentItems(body['tools']) ?? []);
}

export const responses: WireFormat = {
  path: '/v1/responses',
  credentialOf: bearerOf,
  problemOf: (body) => firstProblem(problems(body)),
  frames,
  errorFrame: (message) => ({
    event: 'error',
    data: JSON.stringify({
      type: 'error',
      sequence_number: 99,
      code: 'server_error',
      message,
      param: null,
    }),
  }),
  errorBody,
};
