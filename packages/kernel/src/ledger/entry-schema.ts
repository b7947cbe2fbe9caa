import { any, count, digest, keyId, nullable, object, streamName, text, timeMs } from './schema.ts';

/** The envelope of every entry. The body is described by the schema of its kind. */
export const entrySchema = object(
  {
    v: { const: 1 },
    stream: streamName,
    seq: count,
    prev: nullable(digest),
    kind: text,
    at: timeMs,
    by: keyId,
    cause: nullable(digest),
    batch: object({ id: text, index: count, size: count }),
    /** W3C trace context, version 00 `traceparent`. */
    trace: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
    body: any,
  },
  ['trace'],
);
