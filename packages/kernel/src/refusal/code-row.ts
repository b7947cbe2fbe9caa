/** What is known of a code, see `refusalCodes`. */
export interface CodeRow {
  /** Process exit code, see `docs/reference/exit-codes.md`; an internal fault is no refusal. */
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
  readonly remedy: string;
}
