import type { Digest, KeyId } from '@chancery/kernel/encoding';
import {
  sealBatch,
  type Blob,
  type Conflict,
  type Draft,
  type Head,
  type HeadExpectation,
  type LedgerStore,
  type SealedEntry,
} from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import type { Clock } from './clock.ts';
import { assertReadable } from './signed-words.ts';

/** Heads of streams, as a decision saw them. */
export type Heads = ReadonlyMap<string, Head | null>;

export type Written =
  | { readonly kind: 'written'; readonly entries: readonly SealedEntry[] }
  | { readonly kind: 'conflict'; readonly conflict: Conflict };

export interface JournalOptions {
  readonly store: LedgerStore;
  /** Id of the ledger; null only while its genesis is written. */
  readonly ledger: Digest | null;
  /** Key in whose name this journal writes. */
  readonly by: KeyId;
  readonly clock: Clock;
}

/** What an append relies on beside the streams that it writes. */
export interface Reliance {
  readonly reads?: readonly HeadExpectation[];
  readonly blobs?: readonly Blob[];
  /** When it was decided, where the decision holds for that time alone; recorded as the time. */
  readonly decidedAtMs?: number;
}

/** Seals drafts upon the heads that the caller decided on, and appends them as one batch. */
export class Journal {
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly by: KeyId;
  private readonly ledger: Digest | null;

  constructor(options: JournalOptions) {
    this.store = options.store;
    this.ledger = options.ledger;
    this.by = options.by;
    this.clock = options.clock;
  }

  /**
   * Resolves after the durable barrier. `heads` tells the head of every stream that is written.
   * A conflict is returned and never retried here: whoever decided decides again.
   * @throws {RefusalError} `entry.invalid` when a draft does not satisfy its schema, `entry.too-long`,
   * and `envelope.invalid` when what is signed in one could not be read.
   */
  async append(heads: Heads, drafts: readonly Draft[], reliance: Reliance = {}): Promise<Written> {
    const sealed = sealBatch({
      ledger: this.ledger,
      by: this.by,
      nowMs: reliance.decidedAtMs ?? this.clock.nowMs(),
      batchId: batchIdOf(heads, drafts),
      heads,
      drafts,
    });
    if (!sealed.ok) throw new RefusalError(sealed.refusal);
    for (const draft of drafts) assertReadable(draft);
    const written = [...sealed.value.heads.keys()];
    const outcome = await this.store.append({
      entries: sealed.value.entries,
      writes: written.map((stream) => ({ stream, head: heads.get(stream) ?? null })),
      reads: (reliance.reads ?? []).filter(({ stream }) => !written.includes(stream)),
      blobs: reliance.blobs ?? [],
    });
    return outcome.kind === 'appended'
      ? { kind: 'written', entries: sealed.value.entries }
      : outcome;
  }
}

/** Named by the place of its first entry, which no other batch can have. */
function batchIdOf(heads: Heads, drafts: readonly Draft[]): string {
  const stream = drafts[0]?.stream ?? '';
  return `${stream}@${(heads.get(stream)?.seq ?? -1) + 1}`;
}
