import { mergeSpans } from './merge.js';
import { intersect, span } from './span.js';

/** The spans of `within` that none of the busy spans covers, in order. */
export function freeSpans(busy, within) {
  const taken = busy.map((each) => intersect(each, within)).filter((each) => each !== undefined);
  const free = [];
  let from = within.start;
  for (const { start, end } of mergeSpans(taken)) {
    if (from < start) free.push(span(from, start));
    from = end;
  }
  if (from < within.end) free.push(span(from, within.end));
  return free;
}
