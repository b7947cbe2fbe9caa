import type { Client } from 'pg';
import { configOf, type PostgresAddress } from './address.ts';
import { connect } from './connection.ts';
import { failureOf, isLost } from './failure.ts';

/** A lock of the database, which goes with the connection that took it. */
export interface AdvisoryLock {
  /** Whether that connection still has it; false where the connection is gone. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

const take = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held';

/** Of the locks of this connection: https://www.postgresql.org/docs/current/view-pg-locks.html */
const look = `
  SELECT count(*) > 0 AS held FROM pg_locks
  WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted AND objsubid = 1
    AND ((classid::bigint << 32) | objid::bigint) = hashtextextended($1, 0)`;

/**
 * Takes the lock of a name among all servers of a database, over a connection of its own, so that it
 * goes with the process however that ends. Undefined where another has it.
 * @throws {RefusalError} `ledger.unreachable`, or as the server answers.
 */
export async function takeAdvisoryLock(
  address: PostgresAddress,
  name: string,
  application: string,
): Promise<AdvisoryLock | undefined> {
  const client = await connect({ ...configOf(address), application_name: application });
  let isHeld = false;
  try {
    isHeld = await ask(client, take, name);
  } catch (error) {
    throw failureOf(error);
  } finally {
    if (!isHeld) await client.end();
  }
  if (!isHeld) return undefined;
  return { isHeld: () => stillHeld(client, name), release: () => letGo(client) };
}

async function ask(client: Client, question: string, name: string): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(question, [name]);
  return rows[0]?.held === true;
}

async function stillHeld(client: Client, name: string): Promise<boolean> {
  try {
    return await ask(client, look, name);
  } catch (error) {
    if (isLost(error)) return false;
    throw failureOf(error);
  }
}

/** The lock is free when this resolves: a session that ends frees its locks only some time after. */
async function letGo(client: Client): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_unlock_all()');
  } catch (error) {
    if (!isLost(error)) throw failureOf(error);
  } finally {
    await client.end();
  }
}
