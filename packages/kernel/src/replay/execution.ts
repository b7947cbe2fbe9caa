import type { Digest } from '../encoding/index.ts';
import type { Body, Entry } from '../ledger/index.ts';

/** How far the latest attempt of an execution has come. */
export type ExecutionPhase =
  /** Its end is not recorded. */
  | 'open'
  /** Nobody knows whether it happened. */
  | 'in-doubt'
  /** It was found to have happened; its commit is to follow. */
  | 'happened'
  /** It was found not to have happened; it may be started again. */
  | 'released'
  | 'committed'
  | 'failed';

export interface Execution {
  readonly phase: ExecutionPhase;
  /** Of the latest attempt. */
  readonly started: Body<'execution.started'>;
  /** Entry that tells how it stands: its start, that it is in doubt, or what was found out. */
  readonly told: Digest;
  /** What was found out of the latest attempt, and whether it was in doubt before. */
  readonly found?: { readonly entry: Entry<'execution.reconciled'>; readonly doubted: boolean };
}
