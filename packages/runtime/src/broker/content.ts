import { type Action, type RecordedAction } from '@chancery/kernel/compiler';
import {
  bytesDigest,
  exceedsChars,
  isJsonObject,
  parseRecord,
  recordText,
  type Json,
} from '@chancery/kernel/encoding';
import { type Blob, type Content, type LedgerStore } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { goneRefusal, whyGone } from '../removal/index.ts';

/** Characters of canonical text over which a value is kept outside its entry. */
const inlineChars = 16 * 1024;

/** Characters that one of a text becomes at most when it is escaped. */
const widestEscape = 6;

export interface Kept {
  readonly content: Content;
  readonly blobs: readonly Blob[];
}

const utf8 = new TextEncoder();

/**
 * Keeps a value in its entry, or as a blob when it is large. `chars` is the length of its
 * canonical text, where the caller knows it.
 */
export function keep(value: Json, chars?: number): Kept {
  if (chars === undefined && !exceedsChars(value, inlineChars / widestEscape)) {
    return { content: { inline: value }, blobs: [] };
  }
  if ((chars ?? recordText(value).length) <= inlineChars) {
    return { content: { inline: value }, blobs: [] };
  }
  const bytes = utf8.encode(recordText(value));
  const digest = bytesDigest(bytes);
  const mediaType = 'application/json';
  return {
    content: { blob: { digest, bytes: bytes.length, mediaType } },
    blobs: [{ digest, bytes, mediaType }],
  };
}

/** An action as its proposal records it, with the blobs that belong into the same batch. */
export function keepAction(action: Action): {
  readonly recorded: RecordedAction;
  readonly blobs: readonly Blob[];
} {
  const args = keep(action.normalisedArgs);
  const resolved = keep(action.resolved);
  const { capability, contract, intent, ledger, stream, writ } = action;
  return {
    // In the order of the canonical text, which need not be sorted then.
    recorded: {
      capability,
      contract,
      intent,
      ledger,
      normalisedArgs: args.content,
      resolved: resolved.content,
      stream,
      writ,
    },
    blobs: [...args.blobs, ...resolved.blobs],
  };
}

/**
 * The value of a recorded content.
 * @throws {RefusalError} `content.pruned`; `ledger.corrupt` for one whose blob is missing though
 * nobody has pruned it, or is no recorded value.
 */
export async function readContent(store: LedgerStore, content: Content): Promise<Json> {
  if ('inline' in content) return content.inline;
  const { digest } = content.blob;
  const bytes = await store.blob(digest);
  if (bytes === undefined) throw goneRefusal(await whyGone(store, digest));
  const parsed = parseRecord(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  if (!parsed.ok) throw corrupt(`the blob ${digest} is not a recorded value`);
  return parsed.value;
}

/** The action of a recorded proposal, in whole. @throws {RefusalError} as `readContent` does. */
export async function readAction(store: LedgerStore, recorded: RecordedAction): Promise<Action> {
  const normalisedArgs = await readContent(store, recorded.normalisedArgs);
  const resolved = await readContent(store, recorded.resolved);
  if (!isJsonObject(normalisedArgs)) {
    throw corrupt('the arguments of a recorded action are not an object');
  }
  return { ...recorded, normalisedArgs, resolved };
}

function corrupt(message: string): RefusalError {
  return new RefusalError(refusal('ledger.corrupt', message));
}
