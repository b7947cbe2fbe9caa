import type { Json } from '@chancery/kernel/encoding';
import type { Refusal } from '@chancery/kernel/refusal';
import type { ExecutionFailure } from '../broker/index.ts';
import type { Message, ModelCall } from './model.ts';

/** The answer to a call, as a model sees it. */
export type ToolMessage = Extract<Message, { role: 'tool' }>;

type CallName = Pick<ModelCall, 'id' | 'name'>;

/** Shows what an action observed. */
export function observationMessage(call: CallName, observation: Json): ToolMessage {
  return {
    role: 'tool',
    callId: call.id,
    name: call.name,
    result: observation,
    failed: false,
  };
}

/** Shows why an action was not done, with the remedy: `{error: {code, message, remedy, …}}`. */
export function refusalMessage(call: CallName, why: Refusal): ToolMessage {
  const { code, message, remedy, retryable, details } = why;
  return failedMessage(call, { code, message, remedy, retryable, details });
}

const failureRemedies: Readonly<Record<ExecutionFailure['class'], string>> = {
  terminal: 'It did not happen. Change the call, or do without it.',
  retryable: 'It did not happen. The same call may work later.',
  unknown: 'Nobody knows whether it happened. Look before you do it again.',
};

/** Shows how an action failed and what may be assumed of its effect. */
export function failureMessage(call: CallName, failure: ExecutionFailure): ToolMessage {
  return failedMessage(call, {
    code: failure.code,
    message: failure.message,
    remedy: failureRemedies[failure.class],
    retryable: failure.class === 'retryable',
    details: {},
  });
}

function failedMessage(call: CallName, error: Json): ToolMessage {
  return {
    role: 'tool',
    callId: call.id,
    name: call.name,
    result: { error },
    failed: true,
  };
}

/** Code of the error that a failed result shows; undefined for an observation. */
export function errorCodeOf(message: ToolMessage): string | undefined {
  if (!message.failed) return undefined;
  const { result } = message;
  if (typeof result !== 'object' || result === null || !('error' in result)) return undefined;
  const { error } = result;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error['code'] === 'string' ? error['code'] : undefined;
}
