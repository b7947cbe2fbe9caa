import type { AppendOutcome, BatchOutline, SealedBatch } from '@chancery/kernel/ledger';
import { Fault, RefusalError, type Refusal } from '@chancery/kernel/refusal';
import { failureOf } from './failure.ts';

/** A batch as it is written: of its entries the place, the text and the digest, and nothing else. */
export interface WrittenBatch extends BatchOutline, Pick<SealedBatch, 'blobs'> {
  readonly entries: readonly (BatchOutline['entries'][number] & { readonly text: string })[];
}

/** What became of a batch. A plain value, so that it can come from another thread. */
export type Settlement =
  | AppendOutcome
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'faulted'; readonly message: string };

/** The settlement of a batch that something thrown has kept from being written. */
export function settlementOf(error: unknown): Settlement {
  const failure = failureOf(error);
  return failure instanceof RefusalError
    ? { kind: 'refused', refusal: failure.refusal }
    : { kind: 'faulted', message: failure.message };
}

/** A batch that waits to be written, with whom to tell. */
export interface Waiting {
  readonly batch: SealedBatch;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: Error) => void;
}

/** Who is told what became of a group, before its callers are. */
export type OnSettled = (group: readonly Waiting[], settlements: readonly Settlement[]) => void;

/** Tells the callers of a group what became of their batches. */
export function settle(group: readonly Waiting[], settlements: readonly Settlement[]): void {
  for (const [index, waiting] of group.entries()) {
    answer(waiting, settlements[index] ?? { kind: 'faulted', message: 'a batch was not settled' });
  }
}

function answer({ resolve, reject }: Waiting, settlement: Settlement): void {
  switch (settlement.kind) {
    case 'appended':
    case 'conflict':
      resolve(settlement);
      break;
    case 'refused':
      reject(new RefusalError(settlement.refusal));
      break;
    case 'faulted':
      reject(new Fault(settlement.message));
      break;
  }
}
