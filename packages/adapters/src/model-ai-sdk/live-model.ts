import { Fault } from '@chancery/kernel/refusal';
import type { Model, ModelEvent, ModelRequest, Price } from '@chancery/runtime/cognition';
import { redactor } from '@chancery/runtime/redaction';
import { answerReader } from './answer.ts';
import { conversationOf } from './conversation.ts';
import { readFailure, type Failed } from './failure.ts';
import type { ProviderOptions } from './provider.ts';
import { answerParts } from './sdk-call.ts';

export interface LiveModelOptions extends ProviderOptions {
  /** As in `Model`. */
  readonly price: Price | undefined;
  /** Longest time that one call may take in all. */
  readonly timeoutMs: number;
}

/**
 * A live model, reached through the AI SDK. One attempt, one step, no tool executed: calls are
 * handed on. The SDK is loaded by the first call. The key appears in no event.
 */
export function liveModel(options: LiveModelOptions): Model {
  const scrub = scrubberOf(options.apiKey);
  return {
    id: `${options.provider}:${options.name}`,
    price: options.price,
    estimateTokens,
    stream: (request, signal) => stream({ options, request, signal, scrub }),
  };
}

/** Takes the key out of a text: every form of it, and one too short for that as it stands. */
function scrubberOf(apiKey: string): (text: string) => string {
  const { redactText } = redactor({ secrets: [apiKey] });
  return (text) => {
    const shown = redactText(text).value;
    return apiKey === '' ? shown : shown.replaceAll(apiKey, '[redacted:known]');
  };
}

const tokensPerMessage = 16;
const tokensPerTool = 32;
const tokensOfFraming = 512;

/**
 * Two bytes of the request are a token, and a share for framing. Text and code take three to four
 * bytes a token, so this is more than what is used but for dense text such as keys and digests.
 */
function estimateTokens(request: ModelRequest): number {
  const bytes = Buffer.byteLength(JSON.stringify([request.messages, request.tools]));
  return (
    Math.ceil(bytes / 2) +
    request.messages.length * tokensPerMessage +
    request.tools.length * tokensPerTool +
    tokensOfFraming
  );
}

interface Call {
  readonly options: LiveModelOptions;
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  readonly scrub: (text: string) => string;
}

async function* stream(call: Call): AsyncGenerator<ModelEvent> {
  const { options, request, signal, scrub } = call;
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const left = new AbortController();
  const abort = AbortSignal.any([signal, timeout, left.signal]);
  const conversation = conversationOf(request, options.provider === 'anthropic');
  const read = answerReader({
    ...{ request, estimateTokens },
    name: options.name,
    naming: conversation.naming,
  });
  let sent = false;
  const onSend = (): void => {
    sent = true;
  };
  let streamed = false;
  let error: unknown = new Error('the answer ended before it was finished');
  try {
    for await (const part of await answerParts({ options, request, conversation, abort, onSend })) {
      if (part.type === 'error') {
        error = part.error;
        break;
      }
      for (const event of read(part)) {
        yield event;
        if (event.type === 'finished') return;
        streamed = true;
      }
    }
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    error = thrown;
  } finally {
    // Also when the reader of this stream leaves early: nobody is to pay for what nobody reads.
    left.abort();
  }
  const stopped = stoppedBy(signal, timeout);
  const failed = stopped ?? readFailure(error, { scrub, sent, streamed, nowMs: Date.now() });
  yield { type: 'failed', ...failed };
}

/** What a call that we stopped ourselves ends with; its cost is unknown. */
function stoppedBy(signal: AbortSignal, timeout: AbortSignal): Failed | undefined {
  const stopped = { retryAfterMs: undefined };
  if (signal.aborted) {
    const message = 'the call was cancelled';
    return {
      failure: { ...stopped, class: 'terminal', code: 'cancelled', message },
      usage: undefined,
    };
  }
  if (!timeout.aborted) return undefined;
  const message = 'the provider did not finish in time';
  return { failure: { ...stopped, class: 'unknown', code: 'timeout', message }, usage: undefined };
}
