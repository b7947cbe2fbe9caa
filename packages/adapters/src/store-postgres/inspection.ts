import type { Digest } from '@chancery/kernel/encoding';
import { configOf, type PostgresAddress } from './address.ts';
import { connect } from './connection.ts';
import { failureOf, refuse } from './failure.ts';
import { checkFormat } from './migrate.ts';

/** What a connection to a database is like. */
export interface PostgresInspection {
  /** Version of the server. */
  readonly server: string;
  readonly database: string;
  readonly role: string;
  readonly isEncrypted: boolean;
  /** Whether the role has the rights to change or remove entries, if not for the triggers. */
  readonly mayChange: boolean;
}

const look = `SELECT current_setting('server_version') AS server, current_database() AS database,
current_user AS role,
EXISTS (SELECT 1 FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl) AS "isEncrypted",
has_table_privilege('chancery.entries', 'UPDATE, DELETE, TRUNCATE') AS "mayChange"`;

/** Looks at a database that has its tables. @throws {RefusalError} as a store that is opened. */
export async function inspectPostgres(address: PostgresAddress): Promise<PostgresInspection> {
  const client = await connect(configOf(address));
  try {
    const { rows } = await client.query<PostgresInspection>(look);
    const [found] = rows;
    if (found === undefined) throw refuse('ledger.unreachable', 'the database does not answer');
    return found;
  } catch (error) {
    throw failureOf(error);
  } finally {
    await client.end();
  }
}

const named = `SELECT l.name FROM chancery.ledgers l
JOIN chancery.entries e ON e.ledger = l.id AND e.position = 0 WHERE e.digest = $1`;

/**
 * Name of the ledger that begins with this entry; undefined where there is none. It is for who opens
 * the ledger to see that it does.
 * @throws {RefusalError} as a store that is opened.
 */
export async function findLedger(
  address: PostgresAddress,
  genesis: Digest,
): Promise<string | undefined> {
  const client = await connect(configOf(address));
  try {
    await checkFormat(client);
    const { rows } = await client.query<{ name: string }>(named, [Buffer.from(genesis, 'hex')]);
    return rows[0]?.name;
  } catch (error) {
    throw failureOf(error);
  } finally {
    await client.end();
  }
}

/** The address without its password, to be shown. @throws {RefusalError} for what is no address. */
export function shownAddress(address: PostgresAddress): string {
  const { connectionString = '' } = configOf(address);
  const shown = new URL(connectionString);
  shown.password = '';
  shown.searchParams.delete('password');
  return shown.href;
}
