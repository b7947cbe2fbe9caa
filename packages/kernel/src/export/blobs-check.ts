import { contentsOf, type SealedEntry } from '../ledger/index.ts';
import { type ExportedEntry } from './reader.ts';

/** What only an entry that names a blob holds. */
const blobStart = '"blob":{';

/** Whether an entry can name blobs, or blobs stand before it, so that it is worth reading. */
export function concernsBlobs({ stored, blobs }: ExportedEntry): boolean {
  return blobs.size > 0 || stored.text.includes(blobStart);
}

/** What is wrong about the blobs before an entry: they are those that it names, in its order. */
export function whyNotItsBlobs(
  { entry }: SealedEntry,
  blobs: ExportedEntry['blobs'],
): string | undefined {
  const named = new Map<string, number>();
  for (const content of contentsOf(entry)) {
    if ('blob' in content) named.set(content.blob.digest, content.blob.bytes);
  }
  for (const [digest, bytes] of named) {
    const given = blobs.get(digest);
    if (given === undefined) return `the blob ${digest} is missing`;
    if (given.length !== bytes) return `the blob ${digest} has another length than is recorded`;
  }
  const [wanted, given] = [[...named.keys()], [...blobs.keys()]];
  const stray = given.find((digest, index) => digest !== wanted[index]);
  return stray === undefined ? undefined : `the blob ${stray} stands where no entry names it`;
}
