/** A span of time, in milliseconds; it holds `start` and not `end`. */
export function span(start, end) {
  if (!(start <= end)) throw new RangeError(`a span cannot go from ${start} to ${end}`);
  return { start, end };
}

export function lengthOf({ start, end }) {
  return end - start;
}

export function contains({ start, end }, time) {
  return start <= time && time < end;
}

/** Whether two spans share a moment. An empty span shares none. */
export function overlaps(one, other) {
  return Math.max(one.start, other.start) < Math.min(one.end, other.end);
}

/** The moments that two spans share; undefined when there is none. */
export function intersect(one, other) {
  if (!overlaps(one, other)) return undefined;
  return span(Math.max(one.start, other.start), Math.min(one.end, other.end));
}
