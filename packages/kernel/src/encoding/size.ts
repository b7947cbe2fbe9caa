import type { Json, JsonObject } from './json.ts';

/** Characters that a number, a literal or the marks around a member take, about. */
const markChars = 8;

/**
 * Whether a value may have more than `limit` characters of text, keys included; marks and numbers
 * are counted roughly. Cheap: looks at no more of the value than it takes to know.
 */
export function exceedsChars(value: Json, limit: number): boolean {
  return countdown(value, limit) < 0;
}

/** What is left of `left` after the value; below zero as soon as nothing is. */
function countdown(value: Json, left: number): number {
  if (typeof value === 'string') return left - value.length;
  if (typeof value !== 'object' || value === null) return left - markChars;
  let rest = left - markChars;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      if (rest < 0) return rest;
      rest = countdown(item, rest);
    }
    return rest;
  }
  const members = value as JsonObject;
  for (const key of Object.keys(members)) {
    if (rest < 0) return rest;
    rest = countdown(members[key] as Json, rest - key.length);
  }
  return rest;
}
