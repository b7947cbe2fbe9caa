import { bytesDigest, type Digest } from '../encoding/index.ts';

/** What an export is before its first line. */
export const emptyChain: Digest = bytesDigest('chancery:export:v1\n');

/** Digest of all lines up to and with this one: SHA-256(digest of those before ‖ `\n` ‖ line). */
export function chainAfter(chain: Digest, line: string): Digest {
  return bytesDigest(`${chain}\n${line}`);
}
