import type { RecordedAction } from '../compiler/index.ts';
import { recordText } from '../encoding/index.ts';

/*
 * What a digest names is recorded with its contents in a frame, `{"inline":…}`. Where the canonical
 * text of the record is at hand, that of the thing itself is a matter of cutting, not of writing.
 */

const before = '{"inline":';

/** The canonical text of an inline content, out of that of the content; undefined for a blob. */
export function inlineText(content: string): string | undefined {
  return content.startsWith(before) ? content.slice(before.length, -1) : undefined;
}

/**
 * The canonical text of an action, out of that of its record, which is `recorded`; undefined where
 * a content of it is a blob.
 */
export function actionText(action: RecordedAction, recorded: string): string | undefined {
  const { capability, contract, intent, ledger, stream, writ } = action;
  const head =
    `{"capability":${recordText(capability)},"contract":"${contract}",` +
    `"intent":"${intent}","ledger":"${ledger}","normalisedArgs":`;
  const tail = `,"stream":"${stream}","writ":"${writ}"}`;
  const resolved = `,"resolved":${recordText(action.resolved)}`;
  const end = recorded.length - tail.length - resolved.length;
  const args = inlineText(recorded.slice(head.length, end));
  const facts = inlineText(resolved.slice(',"resolved":'.length));
  if (args === undefined || facts === undefined) return undefined;
  return `${head}${args},"resolved":${facts}${tail}`;
}
