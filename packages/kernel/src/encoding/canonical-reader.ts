import { Fault } from '../refusal/index.ts';
import { maxDepth, recordText } from './canonical.ts';
import { type Json } from './json.ts';

/**
 * The value of a text that `recordText` wrote; undefined for every other text. `depth` is the
 * deepest nesting that is accepted. Many times faster than `parseRecord`, which says what is wrong.
 */
export function readCanonical(text: string, depth = maxDepth): Json | undefined {
  const value = parse(text);
  if (value === undefined) return undefined;
  // What the platform writes of a value with sorted keys and integers is JCS, lone surrogates aside.
  const plain = !text.includes('\\ud') && isPlain(value, depth) && JSON.stringify(value) === text;
  return plain || isWritten(value, text, depth) ? value : undefined;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether numbers are integers and keys stand in order, as the platform enumerates them. */
function isPlain(value: Json, depth: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) if (!isPlain(item, depth - 1)) return false;
    return true;
  }
  const members = value as Readonly<Record<string, Json>>;
  let last = '';
  for (const key of Object.keys(members)) {
    if (key < last || !isPlain(members[key] ?? null, depth - 1)) return false;
    last = key;
  }
  return true;
}

/** The slow way, for keys that look like array indices and strings that look like surrogates. */
function isWritten(value: Json, text: string, depth: number): boolean {
  try {
    return recordText(value, depth) === text;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}
