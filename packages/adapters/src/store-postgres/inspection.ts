import { configOf, type PostgresAddress } from './address.ts';
import { connect } from './connection.ts';
import { failureOf, refuse } from './failure.ts';

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

/** The address without its password, to be shown. @throws {RefusalError} for what is no address. */
export function shownAddress(address: PostgresAddress): string {
  const { connectionString = '' } = configOf(address);
  const shown = new URL(connectionString);
  shown.password = '';
  shown.searchParams.delete('password');
  return shown.href;
}
