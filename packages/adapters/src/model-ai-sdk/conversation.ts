import { recordText } from '@chancery/kernel/encoding';
import {
  toolNaming,
  type ModelRequest,
  type Message,
  type ToolNaming,
} from '@chancery/runtime/cognition';
import type { AssistantModelMessage, ModelMessage, ToolModelMessage } from 'ai';

/** A request in the terms of the SDK. */
export interface Conversation {
  readonly instructions: string;
  readonly messages: ModelMessage[];
  readonly naming: ToolNaming;
}

type Said = Extract<Message, { role: 'assistant' }>;
type Answered = Extract<Message, { role: 'tool' }>;

/** Names of the offered tools come first, so that they keep their aliases through the whole run. */
function namingOf(request: ModelRequest): ToolNaming {
  const called = request.messages.flatMap((message) =>
    message.role === 'assistant' ? message.calls.map((call) => call.name) : [],
  );
  return toolNaming([...request.tools.map((tool) => tool.name), ...called]);
}

/**
 * Puts a request into the SDK's terms: system texts apart, results of one answer together.
 * `marksErrors`: the provider has a mark for failed results; where it has none, the SDK would wrap
 * them, and their own form says as much.
 */
export function conversationOf(request: ModelRequest, marksErrors: boolean): Conversation {
  const naming = namingOf(request);
  const instructions: string[] = [];
  const messages: ModelMessage[] = [];
  for (const message of request.messages) {
    switch (message.role) {
      case 'system':
        instructions.push(message.text);
        break;
      case 'user':
        messages.push({ role: 'user', content: message.text });
        break;
      case 'assistant':
        messages.push(assistantMessage(message, naming));
        break;
      case 'tool':
        addResult(messages, resultPart(message, naming, marksErrors));
        break;
    }
  }
  return { instructions: instructions.join('\n\n'), messages, naming };
}

function assistantMessage(message: Said, naming: ToolNaming): AssistantModelMessage {
  const calls = message.calls.map((call) => ({
    type: 'tool-call' as const,
    toolCallId: call.id,
    toolName: naming.aliasOf(call.name),
    input: call.args,
  }));
  // Providers refuse an answer without any content.
  const text = message.text === '' && calls.length === 0 ? '(no answer)' : message.text;
  const said = text === '' ? [] : [{ type: 'text' as const, text }];
  return { role: 'assistant', content: [...said, ...calls] };
}

type ResultPart = ToolModelMessage['content'][number];

function resultPart(message: Answered, naming: ToolNaming, marksErrors: boolean): ResultPart {
  const value = recordText(message.result);
  return {
    type: 'tool-result',
    toolCallId: message.callId,
    toolName: naming.aliasOf(message.name),
    output: { type: marksErrors && message.failed ? 'error-text' : 'text', value },
  };
}

function addResult(messages: ModelMessage[], part: ResultPart): void {
  const last = messages.at(-1);
  if (last?.role === 'tool') last.content.push(part);
  else messages.push({ role: 'tool', content: [part] });
}
