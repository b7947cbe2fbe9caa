import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { openOffice } from './address.ts';
import type { OwnedLedgerOptions } from './ledger.ts';
import { takeLock, type OwnerLock } from './lock.ts';
import { defaultPatienceMs, retryMs } from './patience.ts';

/** A ledger that only this process writes, until it is closed. */
export interface LonelyLedger {
  readonly store: LedgerStore;
  close(): Promise<void>;
}

/**
 * Opens the ledger as an owner that writes for no guest: others can read, and whoever wants to write
 * waits, and is told in the end that the ledger is busy.
 * @throws {RefusalError} as the store does; `ledger.busy` while another process owns the ledger.
 */
export async function openAlone(
  options: Pick<OwnedLedgerOptions, 'folder' | 'openOwned' | 'patienceMs'>,
): Promise<LonelyLedger> {
  const lock = await waitForLock(options);
  try {
    const store = options.openOwned();
    return {
      store,
      close: async () => {
        await store.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function waitForLock({
  folder,
  patienceMs = defaultPatienceMs,
}: Pick<OwnedLedgerOptions, 'folder' | 'patienceMs'>): Promise<OwnerLock> {
  const office = openOffice(folder);
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const lock = takeLock(office.lock);
    if (lock !== undefined) return lock;
    if (performance.now() > deadline) {
      throw new RefusalError(
        refusal('ledger.busy', 'another process writes the ledger', {
          remedy: 'Let the processes that write this ledger end, then try again.',
        }),
      );
    }
    await sleep(retryMs);
  }
}
