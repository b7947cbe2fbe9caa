import { recordText } from '../encoding/index.ts';
import type { Kind } from './catalogue.ts';
import type { Entry } from './entry.ts';
import { bodyTexts } from './texts.generated.ts';

/**
 * Canonical text of an entry (JCS) that its checks have passed: members in the order of their names.
 * Only what may hold more than plain ASCII, or may be nested, takes the way of `recordText`.
 * @throws {Fault} when the body is not a recordable value.
 */
export function entryText(entry: Entry): string {
  const { at, batch, body, by, cause, kind, prev, seq, stream, trace, v } = entry;
  return (
    `{"at":${at},"batch":{"id":${recordText(batch.id)},"index":${batch.index},"size":${batch.size}},` +
    `"body":${bodyText(kind, body)},"by":"${by}","cause":${quoted(cause)},"kind":"${kind}",` +
    `"prev":${quoted(prev)},"seq":${seq},"stream":"${stream}",` +
    `${trace === undefined ? '' : `"trace":"${trace}",`}"v":${v}}`
  );
}

/**
 * Canonical text of a body that the check of its kind has passed.
 * @throws {Fault} as `recordText` does.
 */
export function bodyText(kind: Kind, body: unknown): string {
  return bodyTexts[kind](body);
}

function quoted(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}
