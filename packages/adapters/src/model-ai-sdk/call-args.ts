import { isJsonObject, parseRecord } from '@chancery/kernel/encoding';
import type { ModelCall } from '@chancery/runtime/cognition';

/**
 * Reads the arguments that a model wrote. What cannot be recorded is malformed: text that is not
 * JSON, duplicate keys, fractions, anything but an object. No text at all means no arguments.
 */
export function readArgs(raw: string): ModelCall['args'] {
  if (raw.trim() === '') return {};
  const parsed = parseRecord(raw);
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  return { malformed: raw.toWellFormed() };
}
