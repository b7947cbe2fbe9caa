import { Fault, refusal, RefusalError, type RefusalCode } from '@chancery/kernel/refusal';

/** Primary result codes of SQLite that the outside world is to blame for. */
const codes: Readonly<Record<number, RefusalCode>> = {
  3: 'ledger.unreachable', // PERM
  5: 'ledger.busy', // BUSY
  6: 'ledger.busy', // LOCKED
  8: 'ledger.unreachable', // READONLY
  10: 'ledger.unreachable', // IOERR
  11: 'ledger.corrupt', // CORRUPT
  13: 'ledger.unreachable', // FULL
  14: 'ledger.unreachable', // CANTOPEN
  26: 'ledger.corrupt', // NOTADB
};

const full = 13;

export function corrupt(message: string): RefusalError {
  return new RefusalError(refusal('ledger.corrupt', message));
}

/** For what the file system throws. */
export function unreachable(error: unknown): RefusalError {
  const message = error instanceof Error ? error.message : String(error);
  return new RefusalError(refusal('ledger.unreachable', message));
}

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** What to throw for what SQLite threw: a refusal where the outside is to blame, or a `Fault`. */
export function failureOf(error: unknown): RefusalError | Fault {
  if (error instanceof RefusalError || error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = codes[primaryCode(error) ?? -1];
  if (code === undefined) return new Fault(`SQLite: ${message}`, { cause: error });
  return new RefusalError(refusal(code, `SQLite: ${message}`));
}

/** Whether the same write may succeed later over the same connection: there was no room. */
export function isPassing(error: unknown): boolean {
  const code = primaryCode(error);
  return code === full || (code !== undefined && codes[code] === 'ledger.busy');
}

/** Runs `act`, turning what SQLite throws into what the port documents. */
export function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw failureOf(error);
  }
}
