import { bytesDigest, parseRecord, type Digest, type Json } from '../encoding/index.ts';
import type { Content } from '../ledger/index.ts';

/**
 * Bytes of a recorded content that stands outside its entry; undefined when they are not at hand.
 * With `key`, what this blob holds when it is opened with the key of that id: whoever gives it has
 * compared the stored bytes with the digest.
 */
export type BlobReader = (digest: Digest, key?: Digest) => Uint8Array | undefined;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The value of a recorded content; undefined when its blob is not at hand, or holds other bytes than
 * those that the entry names.
 */
export function readContent(content: Content, blobs: BlobReader): Json | undefined {
  if ('inline' in content) return content.inline;
  const { digest, key } = content.blob;
  const bytes = blobs(digest, key);
  if (bytes === undefined) return undefined;
  if (key === undefined && bytesDigest(bytes) !== digest) return undefined;
  const parsed = parseRecord(utf8.decode(bytes));
  return parsed.ok ? parsed.value : undefined;
}
