import { type Client } from 'pg';
import { done, refused } from '@chancery/kernel/refusal';
import { type RunLocks } from '@chancery/runtime/drive';
import { configOf, type PostgresAddress } from './address.ts';
import { connect } from './connection.ts';
import { failureOf, isLost } from './failure.ts';

export interface PostgresLocksOptions extends PostgresAddress {
  /** Name of the ledger whose runs are locked. */
  readonly ledger: string;
}

const take = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held';

/**
 * One driver for each run among all servers of a database: an advisory lock of a connection of its
 * own, which goes with the process however that ends. Who loses that connection while it drives is
 * not told; that an append names the heads that it was decided upon stands behind the lock.
 */
export function postgresRunLocks(options: PostgresLocksOptions): RunLocks {
  return {
    acquire: async (run) => {
      const config = configOf(options);
      const client = await connect({ ...config, application_name: 'chancery driver' });
      let isHeld = false;
      try {
        const name = `chancery run ${JSON.stringify([options.ledger, run])}`;
        const { rows } = await client.query<{ held: boolean }>(take, [name]);
        isHeld = rows[0]?.held === true;
      } catch (error) {
        throw failureOf(error);
      } finally {
        if (!isHeld) await client.end();
      }
      return isHeld
        ? done(() => letGo(client))
        : refused('run.driven', `another process drives the run ${run}`);
    },
  };
}

/** The run is free when this resolves: a session that ends frees its locks only some time after. */
async function letGo(client: Client): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_unlock_all()');
  } catch (error) {
    if (!isLost(error)) throw failureOf(error);
  } finally {
    await client.end();
  }
}
