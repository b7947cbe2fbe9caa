import type { Digest } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import type { RefusalCode } from '@chancery/kernel/refusal';

/**
 * What became of a proposal, for the router that chose it. Nothing in it is content: its words are of
 * closed lists, names of pinned contracts, or the router's own in the form that evidence has.
 */
export interface RoutedOutcome {
  readonly run: string;
  /** Of the entry that settled it: in its run, and in the order of the whole ledger. */
  readonly seq: number;
  readonly position: number;
  readonly atMs: number;
  /** Name of the contract; null where none that the run offers was asked for. */
  readonly capability: string | null;
  /** Null for a proposal without evidence, as are the two that follow. */
  readonly decision: Digest | null;
  readonly serial: number | null;
  readonly selected: string | null;
  readonly reasons: readonly string[];
  /** `abandoned`: we broke it off, or its run ended before it. */
  readonly outcome:
    'committed' | 'failed' | 'refused' | 'denied' | 'expired' | 'in-doubt' | 'abandoned';
  /** Why it was refused; null where it was not. */
  readonly refusal: RefusalCode | null;
  /** Whether what failed may work another time; null where nothing failed. */
  readonly failure: Body<'execution.failed'>['failure']['class'] | null;
  /** From the decision to its end; null where nothing was carried out, or nobody knows when it ended. */
  readonly latencyMs: number | null;
  /** What it was charged; null where nobody knows yet. */
  readonly costMicrousd: number | null;
  /** The answer of the model that it follows from, which other proposals may share. */
  readonly answer: { readonly latencyMs: number; readonly costMicrousd: number } | null;
}
