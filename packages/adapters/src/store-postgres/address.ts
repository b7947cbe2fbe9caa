import { readFileSync, statSync } from 'node:fs';
import { unescape } from 'node:querystring';
import { createSecureContext, type ConnectionOptions } from 'node:tls';
import { TypeOverrides, type ClientConfig } from 'pg';
import { refuse } from './failure.ts';

export interface PostgresAddress {
  /**
   * `postgres://user:password@host:port/database`, with `?host=/folder` for a local socket, and
   * `sslmode`, `sslrootcert`, `sslcert`, `sslkey` as libpq names them.
   */
  readonly url: string;
  /** TLS where `url` says nothing of it. Without either, hosts that are not local are verified. */
  readonly tls?: ConnectionOptions;
}

/** Longer than any lock is waited for, so that the server's answer comes before ours. */
const statementTimeoutMs = 10_000;
const lockTimeoutMs = 5_000;
const silenceMs = 15_000;
const connectTimeoutMs = 5_000;

/** Positions are safe integers, though the type of their column reaches further. */
const numbers = new TypeOverrides();
const int8 = 20;
numbers.setTypeParser(int8, Number);

/**
 * What the driver is told. What it would take from elsewhere, as `PGHOST` or `PGSSLMODE` of the
 * environment, cannot make a connection weaker than the address says.
 * @throws {RefusalError} `ledger.unreachable` for what is no address; it is not repeated.
 */
export function configOf({ url, tls }: PostgresAddress): ClientConfig {
  const address = parse(url);
  const ssl = securityOf(address, tls);
  for (const name of tlsParameters) address.searchParams.delete(name);
  return {
    connectionString: address.href,
    ssl,
    types: numbers,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: silenceMs,
  };
}

function parse(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw misnamed('the address of the database is not a postgres:// URL');
  }
  if (hostOf(parsed) === '') parsed.searchParams.set('host', 'localhost');
  return parsed;
}

function hostOf({ hostname, searchParams }: URL): string {
  return searchParams.getAll('host').at(-1) ?? unescape(hostname);
}

function isLocal(address: URL): boolean {
  const host = hostOf(address);
  return host.startsWith('/') || ['localhost', '127.0.0.1', '[::1]', '::1'].includes(host);
}

const tlsParameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'];

/**
 * What each `sslmode` asks of the server; false for plain text. `require` is as strict as
 * `verify-full`. The modes of libpq that fall back to plain text unseen are none of ours.
 */
const modes = new Map<string, ConnectionOptions | false>([
  ['disable', false],
  ['no-verify', { rejectUnauthorized: false }],
  ['require', {}],
  ['verify-ca', { checkServerIdentity: () => undefined }],
  ['verify-full', {}],
]);

function securityOf(address: URL, tls: ConnectionOptions | undefined): ConnectionOptions | false {
  const { searchParams } = address;
  for (const name of searchParams.keys()) {
    if (!name.startsWith('ssl') || tlsParameters.includes(name)) continue;
    throw misnamed(`the address of the database says ${name}, which is not known`);
  }
  const named = searchParams.getAll('sslmode').at(-1);
  const mode = named === undefined ? undefined : modes.get(named);
  if (named !== undefined && mode === undefined) {
    throw misnamed(`sslmode=${named} of the database's address may end in plain text, or is none`);
  }
  if (mode === false) return false;
  const files = filesOf(searchParams);
  const isSilent = mode === undefined && Object.keys(files).length === 0;
  if (isSilent && (tls !== undefined || isLocal(address))) return tls ?? false;
  return { ...mode, ...files };
}

const fileParameters = [
  ['sslrootcert', 'ca'],
  ['sslcert', 'cert'],
  ['sslkey', 'key'],
] as const;

function filesOf(searchParams: URLSearchParams): ConnectionOptions {
  const options: ConnectionOptions = {};
  for (const [parameter, member] of fileParameters) {
    const file = searchParams.getAll(parameter).at(-1);
    if (file !== undefined) options[member] = readPem(parameter, file);
  }
  const { ca, cert, key } = options;
  if ((cert === undefined) !== (key === undefined)) {
    const [there, missing] = cert === undefined ? ['sslkey', 'sslcert'] : ['sslcert', 'sslkey'];
    throw misnamed(`the address of the database says ${there} without ${missing}`);
  }
  if (ca !== undefined || cert !== undefined) assertUsable(options);
  return options;
}

/** The driver would throw where nobody can catch it. */
function assertUsable(options: ConnectionOptions): void {
  try {
    createSecureContext(options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const names = fileParameters.flatMap(([name, of]) => (options[of] === undefined ? [] : name));
    throw misnamed(`${names.join(', ')} of the database's address cannot be used: ${why}`);
  }
}

function readPem(parameter: string, file: string): string {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) {
      throw misnamed(`${file}, the ${parameter} of the address, is no regular file`);
    }
    if (parameter === 'sslkey' && (stats.mode & 0o077) !== 0) {
      throw refuse('key.exposed', `others may read ${file}, the sslkey of the address`, {
        remedy: `chmod 600 ${file}, and make it your own.`,
      });
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const code = String(error.code);
    throw misnamed(`${file}, the ${parameter} of the address, cannot be read (${code})`);
  }
}

function misnamed(message: string): Error {
  return refuse('ledger.unreachable', message, {
    remedy:
      'Write the address as postgres://ROLE:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=FILE; ' +
      'sslmode is verify-full, verify-ca, require, no-verify or, for plain text, disable.',
  });
}
