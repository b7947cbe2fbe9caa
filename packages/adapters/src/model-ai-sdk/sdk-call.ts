import type { ModelRequest } from '@chancery/runtime/cognition';
import type { ToolSet } from 'ai';
import type { AnswerPart } from './answer.ts';
import type { Conversation } from './conversation.ts';
import { languageModel, type ProviderOptions } from './provider.ts';

export interface SdkCall {
  readonly options: ProviderOptions;
  readonly request: ModelRequest;
  readonly conversation: Conversation;
  readonly abort: AbortSignal;
  /** Called before the first byte leaves. */
  readonly onSend: () => void;
}

/**
 * Loads the SDK, which is large, when it is first needed. Its types are imported by `import type`
 * throughout: anything else would leave an import in the running code.
 */
async function loadSdk(): Promise<typeof import('ai')> {
  // The SDK would print warnings among the output of the command line.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  return import('ai');
}

/** Starts one attempt at one step. Failures come as `error` parts or are thrown by the iteration. */
export async function answerParts(call: SdkCall): Promise<AsyncIterable<AnswerPart>> {
  const { options, request, conversation } = call;
  const { jsonSchema, streamText } = await loadSdk();
  // OpenAI reads tools strictly unless told otherwise, and strict schemas have no optional members.
  const strictness = options.provider === 'openai' ? { strict: false } : {};
  const tools: ToolSet = Object.fromEntries(
    request.tools.map(({ name, description, input }) => [
      conversation.naming.aliasOf(name),
      { description, inputSchema: jsonSchema(input), ...strictness },
    ]),
  );
  const result = streamText({
    model: await languageModel(options, call.onSend),
    instructions: conversation.instructions,
    messages: [...conversation.messages],
    tools,
    maxOutputTokens: request.maxOutputTokens,
    maxRetries: 0,
    abortSignal: call.abort,
    providerOptions: {
      // Arguments are read when they are whole; streamed ones come unchecked.
      anthropic: { toolStreaming: false },
      // Conversations are kept on our ledger and nowhere else.
      openai: { store: false },
    },
    onError: () => undefined,
  });
  return result.stream;
}
