import { escapeIdentifier, type Client } from 'pg';
import { configOf, type PostgresAddress } from './address.ts';
import { connect } from './connection.ts';
import { failureOf, refuse, remedies } from './failure.ts';
import { formatVersion, migrations, runtimeGrants } from './schema.ts';

export interface MigrationOptions extends PostgresAddress {
  /** An existing role, under which stores are opened; it may append and read, nothing else. */
  readonly runtimeRole?: string;
}

/** Any number that no other program in the database takes for its advisory lock. */
const lock = 0x43484e43;

/**
 * Brings the tables of a database to the format of this version, in one transaction, one process
 * at a time. To be run by the role that owns them, which is not the one that appends.
 * @throws {RefusalError} `ledger.newer`, `ledger.unreachable`, `ledger.busy`.
 */
export async function migratePostgres(options: MigrationOptions): Promise<void> {
  const client = await connect(configOf(options));
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [lock]);
    if (!(await isPresent(client))) await apply(client);
    if (options.runtimeRole !== undefined) {
      await client.query(runtimeGrants(escapeIdentifier(options.runtimeRole)));
    }
    await client.query('COMMIT');
  } catch (error) {
    throw failureOf(error);
  } finally {
    await client.end();
  }
}

/** Whether nothing is to be made, so that a role which may make nothing can go on. */
async function isPresent(client: Client): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM pg_tables WHERE schemaname = 'chancery' AND tablename = 'migrations'",
  );
  return rows.length === 1 && (await versionOf(client)) === formatVersion;
}

async function apply(client: Client): Promise<void> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS chancery;
CREATE TABLE IF NOT EXISTS chancery.migrations (
  version integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
)`);
  const present = await versionOf(client);
  for (const [index, sql] of migrations.entries()) {
    if (index < present) continue;
    await client.query(sql);
    await client.query('INSERT INTO chancery.migrations (version) VALUES ($1)', [index + 1]);
  }
}

/** Version of the format of a database; 0 for one that has tables yet to be made. */
async function versionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM chancery.migrations',
  );
  const version = rows[0]?.version ?? 0;
  if (version > formatVersion) {
    throw refuse(
      'ledger.newer',
      `the database has format ${version}, this version writes ${formatVersion}`,
    );
  }
  return version;
}

/** Refuses a database that this version cannot append to. */
export async function checkFormat(client: Client): Promise<void> {
  if ((await versionOf(client)) < formatVersion) {
    const message = 'the tables of the database are of an earlier version';
    throw refuse('ledger.missing', message, { remedy: remedies.tables });
  }
  const { rows } = await client.query<{ encoding: string }>(
    "SELECT current_setting('server_encoding') AS encoding",
  );
  if (rows[0]?.encoding !== 'UTF8') {
    throw refuse('ledger.unreachable', 'the encoding of the database is not UTF8');
  }
}
