import { done, refused } from '@chancery/kernel/refusal';
import type { RunLocks } from '@chancery/runtime/drive';
import type { PostgresAddress } from './address.ts';
import { takeAdvisoryLock } from './advisory-lock.ts';

export interface PostgresLocksOptions extends PostgresAddress {
  /** Name of the ledger whose runs are locked. */
  readonly ledger: string;
}

/**
 * One driver for each run among all servers of a database. Who loses the connection while it drives
 * is not told; that an append names the heads that it was decided upon stands behind the lock.
 */
export function postgresRunLocks(options: PostgresLocksOptions): RunLocks {
  return {
    acquire: async (run) => {
      const name = `chancery run ${JSON.stringify([options.ledger, run])}`;
      const lock = await takeAdvisoryLock(options, name, 'chancery driver');
      return lock === undefined
        ? refused('run.driven', `another process drives the run ${run}`)
        : done(() => lock.release());
    },
  };
}
