import type { Amounts } from '@chancery/kernel/account';
import type { Json, JsonObject } from '@chancery/kernel/encoding';
import { valueAt, type Condition, type Observed } from '@chancery/kernel/manifest';
import type { ExecutionFailure } from '@chancery/runtime/broker';
import { isDeepStrictEqual } from 'node:util';
import { filledJson, type Values } from './fill.ts';

/** What an executor was answered, or why it was not. */
export type Answered =
  | {
      readonly kind: 'answered';
      /** What pointers lead into. */
      readonly answer: JsonObject;
      readonly used: Partial<Amounts>;
    }
  | {
      readonly kind: 'failed';
      readonly failure: ExecutionFailure;
      readonly used: Partial<Amounts>;
    };

export function failed(
  kind: ExecutionFailure['class'],
  code: string,
  message: string,
): Extract<Answered, { kind: 'failed' }> {
  return { kind: 'failed', failure: { class: kind, code, message }, used: {} };
}

/** The observation that an answer gives. */
export function observe(observed: Observed, answer: JsonObject): JsonObject {
  const found = Object.entries(observed).flatMap(([name, pointer]) => {
    const value = valueAt(answer, pointer);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** Whether an answer satisfies all conditions. */
export function satisfies(
  answer: JsonObject,
  conditions: readonly Condition[],
  values: Values,
): boolean {
  return conditions.every((condition) => isSo(answer, condition, values));
}

function isSo(answer: JsonObject, condition: Condition, values: Values): boolean {
  const found = valueAt(answer, condition.at);
  switch (condition.op) {
    case 'exists':
      return found !== undefined;
    case 'absent':
      return found === undefined;
    case 'is':
      return found !== undefined && isDeepStrictEqual(found, filledJson(condition.value, values));
    case 'contains':
      return contains(found, filledJson(condition.value, values));
  }
}

/** A text within a text; nothing is within what is none, and an empty text is within none. */
function contains(found: Json | undefined, wanted: Json | undefined): boolean {
  if (typeof found !== 'string' || typeof wanted !== 'string') return false;
  return wanted !== '' && found.includes(wanted);
}
