import type { Usage } from '@chancery/kernel/account';
import { recordText } from '@chancery/kernel/encoding';
import {
  errorCodeOf,
  type Message,
  type Model,
  type ModelCall,
  type ModelEvent,
  type ModelFailure,
  type ModelRequest,
} from '@chancery/runtime/cognition';
import type { Condition, Script, ScriptedTurn } from './script.ts';

/**
 * A model that plays a script. Which turn it plays is read off the conversation (the number of its
 * own answers in it), so a resumed run goes on where it was; only `fail.times` is counted here.
 */
export function scriptedModel(script: Script): Model {
  const failedAttempts = new Map<number, number>();
  return {
    id: `scripted:${script.name}`,
    price: script.price,
    estimateTokens,
    async *stream(request, signal) {
      for (const event of play(script, request, failedAttempts)) {
        if (signal.aborted) {
          yield failed('terminal', 'cancelled', 'the call was cancelled');
          return;
        }
        yield event;
      }
    },
  };
}

/** A token is four characters of the request's JSON text, rounded up. */
function estimateTokens(request: ModelRequest): number {
  return tokens(recordText([request.messages, request.tools]));
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function* play(
  script: Script,
  request: ModelRequest,
  failedAttempts: Map<number, number>,
): Iterable<ModelEvent> {
  const index = request.messages.filter((message) => message.role === 'assistant').length;
  const news = sinceLastAnswer(request.messages);
  const alternatives = script.turns[index];
  const turn = alternatives?.find(({ when }) => unmet(when, news) === undefined);
  if (turn === undefined) {
    const missing = alternatives === undefined ? 'turn' : 'alternative that fits turn';
    yield failed('terminal', 'protocol', `the script has no ${missing} ${index}`);
    return;
  }
  const surprise = unmet(turn.expect, news);
  if (surprise !== undefined) {
    yield failed('terminal', 'protocol', `turn ${index} of the script expected ${surprise}`);
    return;
  }
  if (turn.say !== '') yield { type: 'text', text: turn.say };
  if (turn.fail !== undefined) {
    const attempts = failedAttempts.get(index) ?? 0;
    if (attempts < turn.fail.times) {
      failedAttempts.set(index, attempts + 1);
      yield { type: 'failed', failure: turn.fail.failure, usage: turn.usage };
      return;
    }
  }
  yield* answer(turn, index, request);
}

function* answer(turn: ScriptedTurn, index: number, request: ModelRequest): Iterable<ModelEvent> {
  const calls = turn.calls.map(({ name, args }, nth): ModelCall => ({
    id: `call-${index}-${nth}`,
    name,
    args,
  }));
  for (const [nth, call] of calls.entries()) {
    const routing = turn.calls[nth]?.routing;
    yield { type: 'call', call, ...(routing === undefined ? {} : { routing }) };
  }
  const said = calls.length === 0 ? turn.say : turn.say + recordText(calls);
  const usage: Usage = turn.usage ?? {
    inputTokens: estimateTokens(request),
    cachedInputTokens: 0,
    outputTokens: tokens(said),
  };
  yield { type: 'finished', stop: turn.stop, usage };
}

function sinceLastAnswer(messages: readonly Message[]): readonly Message[] {
  return messages.slice(messages.findLastIndex((message) => message.role === 'assistant') + 1);
}

/** The first part of the condition that does not hold, in words. */
function unmet(condition: Condition, news: readonly Message[]): string | undefined {
  const { failedWith, succeeded, contains } = condition;
  const results = news.filter((message) => message.role === 'tool');
  if (failedWith !== undefined && !results.some((result) => errorCodeOf(result) === failedWith)) {
    return `a result that failed with ${failedWith}`;
  }
  if (
    succeeded !== undefined &&
    !results.some((result) => !result.failed && result.name === succeeded)
  ) {
    return `a result of ${succeeded}`;
  }
  if (contains !== undefined && !news.some((message) => textOf(message).includes(contains))) {
    return `the text "${contains}"`;
  }
  return undefined;
}

function textOf(message: Message): string {
  return message.role === 'tool' ? recordText(message.result) : message.text;
}

function failed(failureClass: ModelFailure['class'], code: string, message: string): ModelEvent {
  const failure: ModelFailure = { class: failureClass, code, message, retryAfterMs: undefined };
  return {
    type: 'failed',
    failure,
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
  };
}
