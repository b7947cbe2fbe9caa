import type { Digest } from '../encoding/index.ts';
import { contentsOf, type Entry, type SealedEntry } from '../ledger/index.ts';
import type { ExportedEntry } from './reader.ts';

/** What only an entry that names a blob holds. */
const blobStart = '"blob":{';

/** Whether an entry can name blobs, or blobs stand before it, so that it is worth reading. */
export function concernsBlobs({ stored, blobs }: ExportedEntry): boolean {
  return blobs.size > 0 || stored.text.includes(blobStart);
}

/** A blob that an entry names and that is not in the export. */
interface AbsentBlob {
  readonly digest: Digest;
  readonly stream: string;
  readonly seq: number;
  readonly position: number;
}

/** Whether a blob that an entry at this position names was pruned after it, by a signed word. */
export type IsPrunedAfter = (blob: Digest, position: number) => boolean;

/** What is wrong about the blobs that stand before an entry; that some are missing is not looked at. */
export function whyStray({ entry }: SealedEntry, { blobs }: ExportedEntry): string | undefined {
  const named = blobsOf(entry);
  const wanted = [...named.keys()].filter((digest) => blobs.has(digest));
  for (const digest of wanted) {
    if (blobs.get(digest)?.length === named.get(digest)) continue;
    return `the blob ${digest} has another length than recorded`;
  }
  const stray = [...blobs.keys()].find((digest, index) => digest !== wanted[index]);
  return stray === undefined ? undefined : `the blob ${stray} stands where no entry names it`;
}

/** Blobs that entries name and that are not in the export. */
export class AbsentBlobs {
  readonly #absent: AbsentBlob[] = [];

  take({ entry }: SealedEntry, { stored, blobs }: ExportedEntry): void {
    const { stream, seq, position } = stored;
    for (const digest of blobsOf(entry).keys()) {
      if (!blobs.has(digest)) this.#absent.push({ digest, stream, seq, position });
    }
  }

  /** What is wrong after all entries. */
  whyIncomplete(isPrunedAfter: IsPrunedAfter): string | undefined {
    const lost = this.#absent.find(({ digest, position }) => !isPrunedAfter(digest, position));
    if (lost === undefined) return undefined;
    const { digest, stream, seq } = lost;
    return `entry ${seq} of ${stream}: the blob ${digest} is missing, and nobody has pruned it`;
  }
}

/** The blobs that an entry names, each once, with the bytes that it says they have. */
function blobsOf(entry: Entry): ReadonlyMap<Digest, number> {
  const named = new Map<Digest, number>();
  for (const content of contentsOf(entry)) {
    if ('blob' in content) named.set(content.blob.digest, content.blob.bytes);
  }
  return named;
}
