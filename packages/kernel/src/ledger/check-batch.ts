import { bytesDigest, type Digest } from '../encoding/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import type { Head, SealedEntry } from './entry.ts';
import { checkEntryLength } from './entry-length.ts';
import { readEntry } from './open.ts';
import type { Blob, SealedBatch } from './store.ts';

/**
 * Checks a batch from a writer that is not trusted, as a `BatchCheck`: every text is read as if it
 * came from the store, digests are computed again, each stream goes on from the head that `writes`
 * names, new streams begin from one ledger id (`ledger`, when it is given), batch marks are
 * complete, blobs hold what their digests say.
 * Refuses `entry.invalid`, `entry.unknown-kind` and `entry.too-long`, naming the entry.
 */
export function checkBatch(batch: SealedBatch, ledger?: Digest): Result<null> {
  const wrong = checkWrites(batch) ?? checkEntries(batch, ledger) ?? checkBlobs(batch.blobs);
  return wrong === undefined ? done(null) : { ok: false, refusal: wrong };
}

function checkWrites({ entries, writes, reads }: SealedBatch): Refusal | undefined {
  if (entries.length === 0) return invalid('a batch without an entry');
  const named = new Set([...writes, ...reads].map(({ stream }) => stream));
  if (named.size !== writes.length + reads.length) return invalid('a stream is named twice');
  const written = new Set(entries.map(({ entry }) => entry.stream));
  const same = written.size === writes.length && writes.every(({ stream }) => written.has(stream));
  return same ? undefined : invalid('the streams of `writes` are not those of the entries');
}

function checkEntries(batch: SealedBatch, ledger: Digest | undefined): Refusal | undefined {
  const { entries, writes } = batch;
  let root = ledger;
  const heads = new Map<string, Head | null>(writes.map(({ stream, head }) => [stream, head]));
  const id = entries[0]?.entry.batch.id ?? '';
  for (const [index, sealed] of entries.entries()) {
    const read = readMember(sealed);
    if (!read.ok) return at(index, read.refusal);
    const { entry, digest } = read.value;
    const head = heads.get(entry.stream) ?? null;
    root ??= entry.prev === null ? digest : entry.seq === 0 ? entry.prev : undefined;
    if (entry.seq !== (head === null ? 0 : head.seq + 1)) {
      return invalid(
        `entry ${index}: seq ${entry.seq} does not follow the head of ${entry.stream}`,
      );
    }
    if (entry.prev !== null && entry.prev !== (head === null ? root : head.digest)) {
      return invalid(`entry ${index}: prev is not the digest of what ${entry.stream} goes on from`);
    }
    const mark = entry.batch;
    if (mark.id !== id || mark.index !== index || mark.size !== entries.length) {
      return invalid(`entry ${index}: its batch mark is not that of this batch`);
    }
    heads.set(entry.stream, { seq: entry.seq, digest });
  }
  return undefined;
}

/** Of what the writer sent, the text alone counts; the rest must agree with it. */
function readMember(sealed: SealedEntry): Result<SealedEntry> {
  const { stream, seq } = sealed.entry;
  const long = checkEntryLength(sealed.text);
  if (long !== undefined) return { ok: false, refusal: long };
  const read = readEntry({ stream, seq, text: sealed.text });
  if (read.ok && sealed.digest !== read.value.digest) {
    return refused('entry.invalid', 'the digest is not that of the text');
  }
  return read;
}

function checkBlobs(blobs: readonly Blob[]): Refusal | undefined {
  const forged = blobs.find(({ digest, bytes }) => digest !== bytesDigest(bytes));
  return forged === undefined
    ? undefined
    : invalid(`the bytes of the blob ${forged.digest} have another digest`);
}

function at(index: number, why: Refusal): Refusal {
  return { ...why, message: `entry ${index}: ${why.message}` };
}

function invalid(message: string): Refusal {
  return refusal('entry.invalid', message);
}
