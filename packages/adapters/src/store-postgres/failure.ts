import { DatabaseError } from 'pg';
import { Fault, refusal, RefusalError, type RefusalCode } from '@chancery/kernel/refusal';

/** SQLSTATEs, or their first two characters, that the outside world is to blame for. */
const codes: Readonly<Record<string, RefusalCode>> = {
  '08': 'ledger.unreachable', // connection
  '28': 'ledger.unreachable', // authorisation
  '3D': 'ledger.unreachable', // no such database
  '42501': 'ledger.unreachable', // no permission
  '42P01': 'ledger.missing', // no such table: the database was not migrated
  '3F000': 'ledger.missing', // no such schema
  '53': 'ledger.unreachable', // no room, no memory, too many connections
  '57': 'ledger.unreachable', // shut down
  '57014': 'ledger.busy', // statement timeout
  '55P03': 'ledger.busy', // lock timeout
  '40': 'ledger.busy', // deadlock, serialisation
  '58': 'ledger.unreachable', // input or output error
  '25006': 'ledger.unreachable', // a standby
  '23505': 'ledger.corrupt', // a place was taken by who did not hold the lock of the ledger
  XX001: 'ledger.corrupt',
  XX002: 'ledger.corrupt',
};

export function refuse(code: RefusalCode, message: string): RefusalError {
  return new RefusalError(refusal(code, message));
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

/** What to throw for what the driver threw. No message of it holds a connection string. */
export function failureOf(error: unknown): RefusalError | Fault {
  if (error instanceof RefusalError || error instanceof Fault) return error;
  if (!(error instanceof DatabaseError)) {
    const message = error instanceof Error ? error.message : String(error);
    return refuse('ledger.unreachable', `PostgreSQL: ${message}`);
  }
  const code = codes[error.code ?? ''] ?? codes[error.code?.slice(0, 2) ?? ''];
  if (code === undefined) return new Fault(`PostgreSQL: ${error.message}`, { cause: error });
  return refuse(code, `PostgreSQL: ${error.message}`);
}
