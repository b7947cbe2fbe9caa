import type { Digest } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import type { Entry, Head } from './entry.ts';
import type { Conflict, HeadExpectation, SealedBatch } from './store.ts';

/** What of a batch the continuity of its streams depends on. */
export interface BatchOutline extends Pick<SealedBatch, 'writes' | 'reads'> {
  readonly entries: readonly {
    readonly entry: Pick<Entry, 'stream' | 'seq' | 'prev'>;
    readonly digest: Digest;
  }[];
}

/** First head, among those that the batch relies on, that is another one now. */
export function findConflict(
  batch: Pick<BatchOutline, 'writes' | 'reads'>,
  headOf: (stream: string) => Head | null,
): Conflict | undefined {
  return moved(batch.writes, headOf) ?? moved(batch.reads, headOf);
}

function moved(
  expectations: readonly HeadExpectation[],
  headOf: (stream: string) => Head | null,
): Conflict | undefined {
  for (const { stream, head: expected } of expectations) {
    const actual = headOf(stream);
    if (actual?.digest !== expected?.digest || actual?.seq !== expected?.seq) {
      return { stream, expected, actual };
    }
  }
  return undefined;
}

/**
 * Heads of the written streams after the batch, provided that its entries continue the heads that
 * it writes upon. Trusts the digests of the entries: whoever did not seal them runs a `BatchCheck`.
 * `ledger` is null while the ledger is empty: the first entry then founds it.
 * Refuses with `entry.invalid`.
 */
export function headsAfter(
  { entries, writes }: Pick<BatchOutline, 'entries' | 'writes'>,
  ledger: Digest | null,
): Result<ReadonlyMap<string, Head>> {
  const after = new Map<string, Head>();
  let id = ledger;
  for (const { entry, digest } of entries) {
    const { stream, seq } = entry;
    const head = after.get(stream) ?? writes.find((write) => write.stream === stream)?.head;
    if (head === undefined) {
      return refused('entry.invalid', `${stream} is written, but no head of it is expected`);
    }
    if (seq !== (head?.seq ?? -1) + 1 || entry.prev !== (head === null ? id : head.digest)) {
      return refused('entry.invalid', `${stream}/${seq} does not continue its stream`);
    }
    after.set(stream, { seq, digest });
    id ??= digest;
  }
  if (after.size === 0 || after.size !== writes.length) {
    return refused('entry.invalid', 'a batch writes each stream that it names, and at least one');
  }
  return done(after);
}
