export { formatDuration, parseDuration } from './duration.js';
export { freeSpans } from './free.js';
export { mergeSpans, totalLength } from './merge.js';
export { contains, intersect, lengthOf, overlaps, span } from './span.js';
