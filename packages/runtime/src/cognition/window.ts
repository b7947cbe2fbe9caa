import { objectDigest, recordText, type Digest } from '@chancery/kernel/encoding';
import { Fault } from '@chancery/kernel/refusal';
import type { Message, ModelCall, ModelRequest } from './model.ts';
import type { ToolMessage } from './result-message.ts';

/** One answer of the model and what came of it, folded from the run's entries. */
export interface WindowTurn {
  readonly text: string;
  readonly calls: readonly ModelCall[];
  /** One result for each call; in any order. */
  readonly results: readonly ToolMessage[];
  /** What the runtime says after it, such as the output of a gate that failed; empty: nothing. */
  readonly note: string;
}

export interface WindowInput {
  readonly system: string;
  readonly task: string;
  readonly turns: readonly WindowTurn[];
  /** Characters that results may take in all; the oldest beyond are left out. */
  readonly resultChars: number;
}

/**
 * The conversation for the next request. A pure function of recorded facts: the same turns give the
 * same messages, whoever builds them. Every call is answered, in the order of the calls; results
 * that no longer fit are replaced by a note of their size, oldest first, those of the last turn never.
 * @throws {Fault} when a call has no result.
 */
export function buildWindow(input: WindowInput): readonly Message[] {
  const shown = shownResults(input.turns, input.resultChars);
  const messages: Message[] = [
    { role: 'system', text: input.system },
    { role: 'user', text: input.task },
  ];
  for (const turn of input.turns) {
    messages.push({ role: 'assistant', text: turn.text, calls: turn.calls });
    for (const call of turn.calls) {
      const result = resultOf(turn, call);
      messages.push(shown.has(result) ? result : leftOut(result));
    }
    if (turn.note !== '') messages.push({ role: 'user', text: turn.note });
  }
  return messages;
}

function resultOf(turn: WindowTurn, call: ModelCall): ToolMessage {
  const result = turn.results.find((candidate) => candidate.callId === call.id);
  if (result === undefined) throw new Fault(`the call ${call.id} has no result`);
  return result;
}

function shownResults(turns: readonly WindowTurn[], resultChars: number): Set<ToolMessage> {
  const shown = new Set<ToolMessage>(turns.at(-1)?.results);
  let left = resultChars;
  for (const turn of turns.toReversed()) {
    for (const result of turn.results.toReversed()) {
      left -= sizeOf(result);
      if (left < 0) return shown;
      shown.add(result);
    }
  }
  return shown;
}

function sizeOf(result: ToolMessage): number {
  return recordText(result.result).length;
}

function leftOut(result: ToolMessage): ToolMessage {
  return { ...result, result: { leftOut: { chars: sizeOf(result), why: 'too old to be shown' } } };
}

/**
 * Names a request: the model and all that is sent to it.
 * @throws {Fault} when it holds a fraction or anything else that cannot be recorded.
 */
export function requestDigest(model: string, request: ModelRequest): Digest {
  const { messages, tools, maxOutputTokens } = request;
  return objectDigest('request', { model, messages, tools, maxOutputTokens });
}
