import type { Digest } from '../encoding/index.ts';

/** A place in an export behind which an entry, or the stream that holds it, can go on. */
export interface ExportMark {
  /** Bytes before it. */
  readonly bytes: number;
  readonly lines: number;
  readonly entries: number;
  /** Digest of all lines before it. */
  readonly chain: Digest;
}
