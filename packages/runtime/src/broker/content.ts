import { bytesDigest, recordText, type Json } from '@chancery/kernel/encoding';
import { type Blob, type Body } from '@chancery/kernel/ledger';

/** A recorded value: inside the entry, or a reference to a blob. */
export type Content = Body<'commit'>['observation'];

/** Characters of canonical text over which a value is kept outside its entry. */
const inlineChars = 16 * 1024;

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
