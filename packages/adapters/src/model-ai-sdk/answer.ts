import type { Usage } from '@chancery/kernel/account';
import type { ModelEvent, ModelRequest, ToolNaming } from '@chancery/runtime/cognition';
import type { FinishReason, LanguageModelUsage, TextStreamPart, ToolSet } from 'ai';
import { readArgs } from './call-args.ts';
import { callIds } from './call-ids.ts';
import { wellFormedText } from './well-formed-text.ts';

export type AnswerPart = TextStreamPart<ToolSet>;

interface AnswerContext {
  readonly request: ModelRequest;
  /** The model that was asked. */
  readonly name: string;
  readonly naming: ToolNaming;
  readonly estimateTokens: (request: ModelRequest) => number;
}

type Stop = Extract<ModelEvent, { type: 'finished' }>['stop'];

/** `undefined`: the answer was cut off. */
const stops: Readonly<Record<FinishReason, Stop | undefined>> = {
  stop: 'end',
  'tool-calls': 'calls',
  length: 'length',
  'content-filter': 'refusal',
  other: 'other',
  error: undefined,
  interrupted: undefined,
};

/** Reads the parts of one answer, in order; each gives the events that it completes. */
export function answerReader(context: AnswerContext): (part: AnswerPart) => readonly ModelEvent[] {
  const text = wellFormedText();
  const idOf = callIds(context.request);
  // Arguments as they were spelt: the SDK's parsed form hides duplicate keys.
  const spelt = new Map<string, string>();
  return (part) => {
    if (part.type === 'text-delta') return said(text.push(part.text));
    if (part.type === 'text-end') return said(text.rest());
    if (part.type === 'tool-input-delta') {
      spelt.set(part.id, (spelt.get(part.id) ?? '') + part.delta);
    }
    if (part.type === 'tool-call') {
      const raw = spelt.get(part.toolCallId) ?? spellingOf(part.input);
      spelt.delete(part.toolCallId);
      const name = context.naming.nameOf(part.toolName);
      return [{ type: 'call', call: { id: idOf(part.toolCallId), name, args: readArgs(raw) } }];
    }
    if (part.type === 'finish-step') {
      const stop = stops[part.finishReason];
      if (stop !== undefined) {
        const usage = usageOf(part.usage, context);
        return [{ type: 'finished', stop, usage, ...served(part.response.modelId, context) }];
      }
    }
    return [];
  };
}

/** The SDK gives the model that was asked where the provider names none. */
function served(by: string, { name }: AnswerContext): { readonly servedBy?: string } {
  return by === name || by === '' ? {} : { servedBy: by };
}

function said(text: string): readonly ModelEvent[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function spellingOf(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input ?? {});
}

/**
 * What the provider does not tell counts as used in full: the estimate, and all the output allowed.
 * No request is without input, so an input of 0 is a provider that does not count.
 */
function usageOf(usage: LanguageModelUsage, context: AnswerContext): Usage {
  const { request, estimateTokens } = context;
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined || inputTokens === 0 || outputTokens === undefined) {
    return {
      inputTokens: estimateTokens(request),
      cachedInputTokens: 0,
      outputTokens: request.maxOutputTokens,
    };
  }
  const cachedInputTokens = usage.inputTokenDetails.cacheReadTokens ?? 0;
  return { inputTokens, cachedInputTokens, outputTokens };
}
