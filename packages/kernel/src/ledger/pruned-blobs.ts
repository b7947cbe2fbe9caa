import type { Digest } from '../encoding/index.ts';
import type { Entry } from './entry.ts';
import { homes } from './homes.ts';
import { readEntry } from './open.ts';

/** An entry of a batch as far as a store knows it. */
interface Written {
  readonly entry: Pick<Entry, 'stream' | 'seq'>;
  readonly text: string;
}

/** The blobs that the entries of a batch prune: a store removes their bytes with the batch. */
export function prunedBlobs(entries: readonly Written[]): readonly Digest[] {
  return entries.flatMap(({ entry: { stream, seq }, text }) => {
    if (stream !== homes['blob.pruned']) return [];
    const read = readEntry({ stream, seq, text });
    if (!read.ok || read.value.entry.kind !== 'blob.pruned') return [];
    return read.value.entry.body.blobs;
  });
}
