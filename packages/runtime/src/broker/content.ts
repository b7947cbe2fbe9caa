import type { Action, Question, RecordedAction } from '@chancery/kernel/compiler';
import {
  bytesDigest,
  exceedsChars,
  isJsonObject,
  parseRecord,
  recordText,
  type Digest,
  type Json,
  type JsonObject,
} from '@chancery/kernel/encoding';
import type { Blob, Content, LedgerStore } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { ContentSource, goneRefusal, type SubjectKeys } from '../removal/index.ts';

/** Bytes of canonical text over which a value is kept outside its entry. */
const inlineBytes = 16 * 1024;

/** What the values of one entry may take in it: an entry has 65,535 bytes, and says more than them. */
const entryValuesBytes = 2 * inlineBytes;

/** Bytes that a code unit of a text becomes at most, escaped or in UTF-8. */
const widestBytes = 6;
const widestUtf8Bytes = 3;

export interface Kept {
  readonly content: Content;
  readonly blobs: readonly Blob[];
}

const utf8 = new TextEncoder();
/** Of what is kept, before it is sealed. */
const mediaType = 'application/json';

export interface KeepOptions {
  /** Length of its canonical text, where the caller knows it. */
  readonly chars?: number | undefined;
  /** How many values its entry has. Where they are many, each has less room in it. */
  readonly values?: number;
}

/** Keeps a value for the batch that is to refer to it. */
export type Keep = (value: Json, options?: KeepOptions) => Kept;

/** Keeps a value in its entry, or as a blob when it is large. */
export const keep: Keep = (value, { chars, values = 1 } = {}) => {
  const limitBytes = Math.min(inlineBytes, Math.floor(entryValuesBytes / values));
  const isSmall =
    chars === undefined
      ? !exceedsChars(value, limitBytes / widestBytes)
      : chars * widestUtf8Bytes <= limitBytes;
  if (isSmall) return { content: { inline: value }, blobs: [] };
  const bytes = utf8.encode(recordText(value));
  if (bytes.length <= limitBytes) return { content: { inline: value }, blobs: [] };
  const digest = bytesDigest(bytes);
  return {
    content: { blob: { digest, bytes: bytes.length, mediaType } },
    blobs: [{ digest, bytes, mediaType }],
  };
};

/**
 * Keeps every value as a blob that is sealed with the key of a subject, however small it is.
 * @throws {RefusalError} `key.missing` when it is used after the key was destroyed.
 */
export function sealing(keys: SubjectKeys, key: Digest): Keep {
  return (value) => {
    const sealed = keys.seal(key, utf8.encode(recordText(value)));
    if (!sealed.ok) throw new RefusalError(sealed.refusal);
    const bytes = sealed.value;
    const digest = bytesDigest(bytes);
    return {
      content: { blob: { bytes: bytes.length, digest, key, mediaType } },
      blobs: [{ digest, bytes, mediaType }],
    };
  };
}

/** What policy was asked, as the proposal records it beside an action: it has less room than that. */
export function keepQuestion(question: Question, keeping: Keep): Kept {
  return keeping(question as unknown as JsonObject, { values: 4 });
}

/** An action as its proposal records it, with the blobs that belong into the same batch. */
export function keepAction(
  action: Action,
  keeping: Keep,
): {
  readonly recorded: RecordedAction;
  readonly blobs: readonly Blob[];
} {
  const args = keeping(action.normalisedArgs);
  const resolved = keeping(action.resolved);
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

/** Where contents are read from, and the keys of those that are sealed. */
export interface ContentRoom {
  readonly store: LedgerStore;
  readonly keys?: SubjectKeys | undefined;
}

/**
 * The value of a recorded content.
 * @throws {RefusalError} `content.pruned`, `content.erased`, `key.missing`; `ledger.corrupt` for one
 * whose blob is missing though nobody has pruned it, or is no recorded value.
 */
export async function readContent({ store, keys }: ContentRoom, content: Content): Promise<Json> {
  if ('inline' in content) return content.inline;
  const { digest } = content.blob;
  const found = await new ContentSource(store, keys).read(content.blob);
  if (found.kind === 'gone') throw goneRefusal(found.gone);
  const parsed = parseRecord(new TextDecoder('utf-8', { ignoreBOM: true }).decode(found.bytes));
  if (!parsed.ok) throw corrupt(`the blob ${digest} is not a recorded value`);
  return parsed.value;
}

/** The action of a recorded proposal, in whole. @throws {RefusalError} as `readContent` does. */
export async function readAction(room: ContentRoom, recorded: RecordedAction): Promise<Action> {
  const normalisedArgs = await readContent(room, recorded.normalisedArgs);
  const resolved = await readContent(room, recorded.resolved);
  if (!isJsonObject(normalisedArgs)) {
    throw corrupt('the arguments of a recorded action are not an object');
  }
  return { ...recorded, normalisedArgs, resolved };
}

function corrupt(message: string): RefusalError {
  return new RefusalError(refusal('ledger.corrupt', message));
}
