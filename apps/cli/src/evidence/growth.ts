import { setTimeout as sleep } from 'node:timers/promises';
import type { HeldLease } from '@chancery/runtime/transparency';
import { treeLease } from '../compose/log.ts';
import { refuse } from '../exit.ts';
import type { Home } from '../home.ts';

/** A run that goes on lets the tree grow as well, each time for a moment. */
const patienceMs = 10_000;
const retryMs = 20;

/** One process at a time lets the tree of a ledger grow. Refuses `ledger.busy`. */
export async function alone<T>(home: Home, work: (held: HeldLease) => Promise<T>): Promise<T> {
  const lease = await treeLease(home);
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += retryMs) {
    const held = await lease.acquire();
    if (held !== undefined) return work(held).finally(() => held.release());
    await sleep(retryMs);
  }
  return refuse('ledger.busy', 'another process integrates the ledger into its tree');
}
