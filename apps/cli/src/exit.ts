import {
  exitCodeOf,
  Fault,
  refusal,
  RefusalError,
  type Refusal,
  type RefusalCode,
  type RefusalOptions,
  type Result,
} from '@chancery/kernel/refusal';

/** Exit codes that do not come from a refusal. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  held: 4,
  stopped: 5,
  exhausted: 6,
  fault: 70,
  /** Whoever read the output went away before its end: what a shell tells of SIGPIPE. */
  unread: 141,
} as const;

/** An error as every command shows it, and the code that the process ends with. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly details: Refusal['details'];
  readonly exit: number;
}

/** The value of a result. @throws {RefusalError} for a refusal, which `failureOf` shows. */
export function granted<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusalError(result.refusal);
}

/** Ends a command with a refusal. */
export function refuse(code: RefusalCode, message: string, options?: RefusalOptions): never {
  throw new RefusalError(refusal(code, message, options));
}

/** What the outside said no to, by the code of the system's error. */
const unreachable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EISDIR', 'EMFILE']);

/** How an error that reached the edge is shown. Whatever nobody expected is `internal.fault`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RefusalError) return ofRefusal(error.refusal);
  const code = systemCodeOf(error);
  if (error instanceof Error && code !== undefined && unreachable.has(code)) {
    return ofRefusal(refusal('ledger.unreachable', error.message));
  }
  const said = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal.fault',
    message: said === '' ? 'something that must hold does not' : said,
    remedy:
      error instanceof Fault
        ? 'Run `chancery verify`. If nothing is found, this is a fault of Chancery: set CHANCERY_DEBUG=1 and report it.'
        : 'This is a fault of Chancery: set CHANCERY_DEBUG=1 to see where it happened, and report it.',
    retryable: false,
    details: {},
    exit: exitCodes.fault,
  };
}

function ofRefusal(refused: Refusal): Failure {
  const { code, message, remedy, retryable, details } = refused;
  return { code, message, remedy, retryable, details, exit: exitCodeOf(code) };
}

export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whatever was thrown, as an error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
