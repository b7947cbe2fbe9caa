import { refusalCodes, type RefusalCode } from './codes.ts';

/** An expected no. A value, recorded and shown; never thrown inside the kernel. */
export interface Refusal {
  readonly code: RefusalCode;
  /** What is wrong, about this very case. Holds no secret and no content of files. */
  readonly message: string;
  /** What a person can do about it. */
  readonly remedy: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
}

export interface Done<T> {
  readonly ok: true;
  readonly value: T;
}

/** Either the value or the reason why there is none. */
export type Result<T> = Done<T> | Refused;

export interface RefusalOptions {
  /** Replaces the remedy of the code, for example by the advice of a policy rule. */
  readonly remedy?: string;
  readonly details?: Refusal['details'];
}

export function refusal(code: RefusalCode, message: string, options: RefusalOptions = {}): Refusal {
  const row = refusalCodes[code];
  return {
    code,
    message,
    remedy: options.remedy ?? row.remedy,
    retryable: row.retryable,
    details: options.details ?? {},
  };
}

export function done<T>(value: T): Done<T> {
  return { ok: true, value };
}

export function refused(code: RefusalCode, message: string, options?: RefusalOptions): Refused {
  return { ok: false, refusal: refusal(code, message, options) };
}

/** Process exit code that a command ends with when this refusal is its outcome. */
export function exitCodeOf(code: RefusalCode): number {
  return refusalCodes[code].exit;
}
