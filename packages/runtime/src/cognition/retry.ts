import type { ModelFailure } from './model.ts';

/** How often and how patiently a failed model call is made again. */
export interface RetryPolicy {
  /** Attempts after the first. */
  readonly retries: number;
  readonly firstDelayMs: number;
  /** The delay doubles at each attempt up to this. */
  readonly maxDelayMs: number;
  /** Longest wait that a provider may ask for; a longer one ends the attempts. */
  readonly maxRetryAfterMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  retries: 4,
  firstDelayMs: 500,
  maxDelayMs: 16_000,
  maxRetryAfterMs: 60_000,
};

/**
 * Milliseconds to wait before the attempt after `attempt` (0 is the first), or undefined when there
 * is to be none. A cut-off call is made again: it had no effect beside its cost. Without
 * randomness, so that the same record gives the same schedule.
 */
export function retryDelayMs(
  attempt: number,
  failure: ModelFailure,
  policy: RetryPolicy,
): number | undefined {
  if (failure.class === 'terminal' || attempt >= policy.retries) return undefined;
  const ownMs = Math.min(policy.firstDelayMs * 2 ** attempt, policy.maxDelayMs);
  const askedMs = failure.retryAfterMs ?? 0;
  return askedMs > policy.maxRetryAfterMs ? undefined : Math.max(ownMs, askedMs);
}
