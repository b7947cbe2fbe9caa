import { recordText } from '../encoding/index.ts';
import { type Entry } from './entry.ts';

/**
 * Canonical text of an entry (JCS): members in the order of their names. Only what may hold more
 * than plain ASCII, or may be nested, takes the way of `recordText`.
 * @throws {Fault} when the body is not a recordable value.
 */
export function entryText(entry: Entry): string {
  const { at, batch, body, by, cause, kind, prev, seq, stream, trace, v } = entry;
  return (
    `{"at":${at},"batch":{"id":${recordText(batch.id)},"index":${batch.index},"size":${batch.size}},` +
    `"body":${recordText(body)},"by":"${by}","cause":${quoted(cause)},"kind":"${kind}",` +
    `"prev":${quoted(prev)},"seq":${seq},"stream":"${stream}",` +
    `${trace === undefined ? '' : `"trace":"${trace}",`}"v":${v}}`
  );
}

function quoted(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}
