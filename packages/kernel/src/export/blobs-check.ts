import { type Digest } from '../encoding/index.ts';
import { contentsOf, type SealedEntry } from '../ledger/index.ts';
import { type ExportedEntry } from './reader.ts';

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

/** Sees to it that the blobs before an entry are those that it names, less what was pruned later. */
export class BlobsCheck {
  readonly #absent: AbsentBlob[] = [];

  /** What is wrong about the blobs before an entry. */
  take({ entry }: SealedEntry, { stored, blobs }: ExportedEntry): string | undefined {
    const named = new Map<Digest, number>();
    for (const content of contentsOf(entry)) {
      if ('blob' in content) named.set(content.blob.digest, content.blob.bytes);
    }
    for (const [digest, bytes] of named) {
      const given = blobs.get(digest);
      const { stream, seq, position } = stored;
      if (given === undefined) this.#absent.push({ digest, stream, seq, position });
      else if (given.length !== bytes) return `the blob ${digest} has another length than recorded`;
    }
    const wanted = [...named.keys()].filter((digest) => blobs.has(digest));
    const stray = [...blobs.keys()].find((digest, index) => digest !== wanted[index]);
    return stray === undefined ? undefined : `the blob ${stray} stands where no entry names it`;
  }

  /** What is wrong after all entries. */
  whyIncomplete(isPrunedAfter: IsPrunedAfter): string | undefined {
    const lost = this.#absent.find(({ digest, position }) => !isPrunedAfter(digest, position));
    if (lost === undefined) return undefined;
    const { digest, stream, seq } = lost;
    return `entry ${seq} of ${stream}: the blob ${digest} is missing, and nobody has pruned it`;
  }
}
