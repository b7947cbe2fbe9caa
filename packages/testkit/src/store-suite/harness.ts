import type { LedgerStore } from '@chancery/kernel/ledger';
import { RefusalError, type RefusalCode } from '@chancery/kernel/refusal';
import { genesis } from './batches.ts';

/** The functions of a test runner, given in so that this room can be loaded outside of it. */
export interface Runner {
  readonly describe: (title: string, body: () => void) => void;
  readonly it: (title: string, run: () => Promise<void>) => void;
  readonly expect: typeof import('vitest').expect;
}

/** Where one ledger is kept for one test. */
export interface StorePlace {
  /** Opens the ledger, empty at first; once at a time. */
  open(): Promise<LedgerStore>;
  dispose(): Promise<void>;
}

export interface StoreHarness {
  readonly place: () => Promise<StorePlace>;
  /** Whether the ledger is there again when it is opened again. */
  readonly isPersistent: boolean;
  /** Whether crowds are small and histories short: for who runs each case some hundred times. */
  readonly isBrief?: boolean;
  /** Waited for between two crowds: until what the store starts for a crowd is there. */
  readonly betweenCrowds?: () => Promise<void>;
}

/** Does something with a store of a ledger that has its genesis, and clears it away. */
export async function inLedger(
  { place }: StoreHarness,
  use: (store: LedgerStore, place: StorePlace) => Promise<void>,
): Promise<void> {
  const where = await place();
  try {
    const store = await where.open();
    try {
      await store.append(genesis);
      await use(store, where);
    } finally {
      await store.close();
    }
  } finally {
    await where.dispose();
  }
}

/** Code that a promise is refused with; anything else it does fails the test. */
export async function codeOf(promise: Promise<unknown>): Promise<RefusalCode | 'not refused'> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal.code;
    throw error;
  }
  return 'not refused';
}
