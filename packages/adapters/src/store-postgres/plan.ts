import { bytesDigest } from '@chancery/kernel/encoding';
import {
  findConflict,
  headsAfter,
  prunedBlobs,
  type AppendOutcome,
  type SealedBatch,
} from '@chancery/kernel/ledger';
import type { QueryConfig } from 'pg';
import { refuse } from './failure.ts';
import { Rows } from './rows.ts';
import type { Tip } from './tip.ts';
import { RefusalError } from '@chancery/kernel/refusal';

/** What became of a batch: an outcome, or what its `append` rejects with. */
export type Settlement = AppendOutcome | { readonly kind: 'failed'; readonly error: Error };

/** What a group of batches becomes at a known end of the ledger. */
export interface Plan {
  /** Of each batch, in order. */
  readonly settlements: readonly Settlement[];
  /** Whether no batch was turned down, so that the end is all that remains to be checked. */
  readonly isWhole: boolean;
  /** Inserts all entries, or none where the end has moved; undefined when there is nothing to write. */
  readonly statement: QueryConfig | undefined;
  /** Removes, after `statement`, what the entries prune; undefined where they prune nothing. */
  readonly pruning: QueryConfig | undefined;
}

/** Whether a batch removes blobs. It has a transaction of its own: a later one may bring them back. */
export function prunes({ entries }: SealedBatch): boolean {
  return prunedBlobs(entries).length > 0;
}

/** Judges each batch by itself upon those before it, and stages what is to be written. */
export function planOf(group: readonly SealedBatch[], tip: Tip, ledgerId: number): Plan {
  const start = tip.end();
  const rows = new Rows();
  const settlements = group.map((batch) => {
    const settlement = judge(batch, tip);
    if (settlement.kind === 'appended') rows.add(batch, tip);
    return settlement;
  });
  return {
    settlements,
    isWhole: settlements.every(({ kind }) => kind === 'appended'),
    statement: rows.statement(ledgerId, start, tip.end()),
    pruning: pruningOf(group, ledgerId),
  };
}

function pruningOf(group: readonly SealedBatch[], ledgerId: number): QueryConfig | undefined {
  const blobs = group.flatMap(({ entries }) => prunedBlobs(entries));
  if (blobs.length === 0) return undefined;
  return {
    name: 'prune',
    text: 'DELETE FROM chancery.blobs WHERE ledger = $1 AND digest = ANY($2::bytea[])',
    values: [ledgerId, blobs.map((blob) => Buffer.from(blob, 'hex'))],
  };
}

function judge(batch: SealedBatch, tip: Tip): Settlement {
  const conflict = findConflict(batch, (stream) => tip.head(stream));
  if (conflict !== undefined) return { kind: 'conflict', conflict };
  const heads = headsAfter(batch, tip.founding());
  if (!heads.ok) return { kind: 'failed', error: new RefusalError(heads.refusal) };
  for (const { bytes, digest } of batch.blobs) {
    if (bytesDigest(bytes) === digest) continue;
    return { kind: 'failed', error: refuse('entry.invalid', `blob ${digest} has another content`) };
  }
  return { kind: 'appended', position: tip.end().nextPosition };
}
