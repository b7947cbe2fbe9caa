import { lengthOf } from './span.js';

/** The same moments in the fewest spans, in order. Spans that touch become one. */
export function mergeSpans(spans) {
  const merged = [];
  for (const next of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && next.start <= last.end) {
      last.end = next.end;
    } else {
      merged.push({ ...next });
    }
  }
  return merged;
}

/** Milliseconds that the spans cover, each moment counted once. */
export function totalLength(spans) {
  return mergeSpans(spans).reduce((total, each) => total + lengthOf(each), 0);
}
