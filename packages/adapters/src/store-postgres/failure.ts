import { DatabaseError } from 'pg';
import {
  Fault,
  refusal,
  RefusalError,
  type RefusalCode,
  type RefusalOptions,
} from '@chancery/kernel/refusal';

/** What a person can do about a database that does not serve. */
export const remedies = {
  server: 'Check the host and the port of the database’s address, and that its server runs.',
  role: 'Check the role and the password of the database’s address.',
  noRole: 'Make the role first (CREATE ROLE … LOGIN), or name one that is there.',
  database: 'Make the database (createdb), or name another one in the address.',
  tables: 'Run `chancery init --database` with the address of a role that may make a schema.',
  ledger: 'Name the database that holds the ledger, or restore it there from a copy.',
  rights:
    'Have the owner of the tables grant the role its rights: `chancery init --database` tells them.',
  certificate:
    'Name the file of the authority that signed the server’s certificate with sslrootcert, and the host as the certificate does.',
  client:
    'Name a certificate of this role, of an authority that the server trusts, with sslcert and its key with sslkey.',
  plain: 'Turn TLS on in the server (ssl = on), or say sslmode=disable to send in plain text.',
  busy: 'Somebody holds the ledger’s row in an open transaction: try again, or end that session.',
} as const;

interface Told {
  readonly code: RefusalCode;
  readonly remedy?: string;
}

const unreachable: Told = { code: 'ledger.unreachable', remedy: remedies.server };
const busy: Told = { code: 'ledger.busy', remedy: remedies.busy };
const missing: Told = { code: 'ledger.missing', remedy: remedies.tables };
const corrupt: Told = { code: 'ledger.corrupt' };

/** SQLSTATEs, or their first two characters, that the outside world is to blame for. */
const codes: Readonly<Record<string, Told>> = {
  '08': unreachable, // connection
  '28': { code: 'ledger.unreachable', remedy: remedies.role }, // authorisation
  '3D': { code: 'ledger.unreachable', remedy: remedies.database }, // no such database
  '42501': { code: 'ledger.unreachable', remedy: remedies.rights }, // no permission
  '42P01': missing, // no such table: the database was not migrated
  '3F000': missing, // no such schema
  '42704': { code: 'usage.invalid', remedy: remedies.noRole }, // no such role to grant rights to
  '53': unreachable, // no room, no memory, too many connections
  '57': unreachable, // shut down
  '57014': busy, // statement timeout
  '55P03': busy, // lock timeout
  '40': busy, // deadlock, serialisation
  '58': unreachable, // input or output error
  '25006': unreachable, // a standby
  '23505': corrupt, // a place was taken by who did not hold the lock of the ledger
  XX001: corrupt,
  XX002: corrupt,
};

export function refuse(
  code: RefusalCode,
  message: string,
  options: RefusalOptions = {},
): RefusalError {
  return new RefusalError(refusal(code, message, options));
}

/**
 * Whether the connection is gone, so that the fate of what was sent last is unknown. Everything
 * that the server answers with, but its farewell, is an answer.
 */
export function isLost(error: unknown): boolean {
  if (error instanceof RefusalError || error instanceof Fault) return false;
  if (!(error instanceof DatabaseError)) return true;
  return error.severity === 'FATAL' || error.severity === 'PANIC';
}

/** Whether a connection that was not made may be made later, by the same means. */
export function mayPass(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(53|57)/.test(error.code ?? '');
  return remedyOf(error) === remedies.server;
}

/** What to throw for what the driver threw. No message of it holds a connection string. */
export function failureOf(error: unknown): RefusalError | Fault {
  if (error instanceof RefusalError || error instanceof Fault) return error;
  if (!(error instanceof DatabaseError)) {
    const remedy = remedyOf(error);
    return refuse('ledger.unreachable', `PostgreSQL: ${messageOf(error)}`, { remedy });
  }
  const told = codes[error.code ?? ''] ?? codes[error.code?.slice(0, 2) ?? ''];
  if (told === undefined) return new Fault(`PostgreSQL: ${error.message}`, { cause: error });
  const { code, ...options } = told;
  const byCertificate = code === 'ledger.unreachable' && error.message.includes('certificate');
  if (byCertificate) options.remedy = remedies.client;
  return refuse(code, `PostgreSQL: ${error.message}`, options);
}

/** The errors of all addresses of a host that was tried come as one without a message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

function remedyOf(error: unknown): string {
  if (!(error instanceof Error)) return remedies.server;
  if (error.message.startsWith('SASL')) return remedies.role;
  if (error.message.includes('does not support SSL')) return remedies.plain;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // The server's word about ours: https://www.rfc-editor.org/rfc/rfc8446#section-6
  if (/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERT)/.test(code)) {
    return remedies.client;
  }
  return /CERT|^UNABLE_TO|^ERR_TLS|^ERR_SSL|^ERR_OSSL/.test(code)
    ? remedies.certificate
    : remedies.server;
}
