import {
  sealBatch,
  type Draft,
  type Head,
  type LedgerStore,
  type SealedBatch,
} from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import { ledgerId, turn } from '@chancery/testkit/store-suite';
import { percentile, type BenchRow } from './row.ts';

const by = `ed25519:${'0'.repeat(64)}`;
const bar = 0.7;

/** Entries that a trajectory appends at once. */
export const entriesPerBatch = 2;

/** Milliseconds of each append, one after another. */
export async function timeEach(
  store: LedgerStore,
  batches: readonly SealedBatch[],
): Promise<number[]> {
  const samples: number[] = [];
  for (const batch of batches) {
    const at = performance.now();
    await store.append(batch);
    samples.push(performance.now() - at);
  }
  return samples;
}

export interface Appended {
  readonly batch: SealedBatch;
  /** From the drafts to the durable answer. */
  readonly ms: number;
}

/** A trajectory: seals and appends one batch after another, each upon the one before. */
export class Lane {
  readonly #stream: string;
  readonly #drafts: readonly Draft[];
  #heads: ReadonlyMap<string, Head> = new Map();
  #batches = 0;

  constructor(stream: string) {
    this.#stream = stream;
    this.#drafts = Array.from({ length: entriesPerBatch }, (_, index) => turn(stream, index));
  }

  async append(store: LedgerStore, batches: number): Promise<readonly Appended[]> {
    const appended: Appended[] = [];
    for (let count = 0; count < batches; count += 1) {
      const at = performance.now();
      const batch = this.#next();
      const { kind } = await store.append(batch);
      if (kind !== 'appended') throw new Error(`the append was answered with a ${kind}`);
      appended.push({ batch, ms: performance.now() - at });
    }
    return appended;
  }

  #next(): SealedBatch {
    const head = this.#heads.get(this.#stream) ?? null;
    this.#batches += 1;
    const sealed = sealBatch({
      ledger: ledgerId,
      by,
      nowMs: 1,
      batchId: `${this.#stream}.${this.#batches}`,
      heads: this.#heads,
      drafts: this.#drafts,
    });
    if (!sealed.ok) throw new RefusalError(sealed.refusal);
    this.#heads = sealed.value.heads;
    const writes = [{ stream: this.#stream, head }];
    return { entries: sealed.value.entries, writes, reads: [], blobs: [] };
  }
}

export interface Measured {
  readonly samplesMs: readonly number[];
  /** Entries that were appended. */
  readonly count: number;
  readonly tookMs: number;
}

/** A row of appends beside their floor. */
export function appendRow(
  name: string,
  { samplesMs, count, tookMs }: Measured,
  floor: { readonly name: string; readonly ms: number },
): BenchRow {
  const ratio = floor.ms / tookMs;
  return {
    name,
    unit: 'µs',
    p50: percentile(samplesMs, 0.5) * 1_000,
    p95: percentile(samplesMs, 0.95) * 1_000,
    p99: percentile(samplesMs, 0.99) * 1_000,
    perSecond: (count / tookMs) * 1_000,
    reference: { name: floor.name, perSecond: (count / floor.ms) * 1_000 },
    ratio,
    bar,
    met: ratio >= bar,
  };
}
