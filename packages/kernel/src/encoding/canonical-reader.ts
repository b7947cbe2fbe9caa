import { CanonicalCursor } from './canonical-cursor.ts';
import { maxDepth, recordText } from './canonical.ts';
import type { Json } from './json.ts';

const usualBytes = 1 << 16;
const usual = new CanonicalCursor(usualBytes);
const mostBytesOfUnit = 3;

/**
 * The value of a text that `recordText` wrote; undefined for every other text. `depth` is the
 * deepest nesting that is accepted. Many times faster than `parseRecord`, which says what is wrong.
 *
 * The platform's `JSON.parse` has no part in it: V8 is known to take one key of an object for
 * another where both begin alike and one goes on with an escape.
 */
export function readCanonical(text: string, depth = maxDepth): Json | undefined {
  const bytes = text.length * mostBytesOfUnit + 1;
  const cursor = bytes <= usualBytes ? usual : new CanonicalCursor(bytes);
  if (!cursor.open(text)) return undefined;
  const value = cursor.any(depth);
  if (value === undefined || !cursor.isAtEnd) return undefined;
  return recordText(value, depth) === text ? value : undefined;
}
