import type { ModelCall } from './model.ts';
import type { Loop } from './loop-model.ts';

/** What an agent outside calls, by the name of a capability. */
export interface AgentCall extends Pick<ModelCall, 'name' | 'args'> {
  /** Aborted when nobody wants the outcome any more. */
  readonly signal: AbortSignal;
}

/** The next thing that an agent wants: a call, or that its work counts as done. */
export type Heard =
  { readonly type: 'call'; readonly call: AgentCall } | { readonly type: 'ended' };

/**
 * An agent outside, which proposes one call after the other and is trusted for none. It has no part in
 * what is decided of them; what it is told is what a model would be shown.
 */
export interface Agent {
  /** Takes what it wants next; undefined while it wants nothing. */
  take(): Heard | undefined;
  /** Told when there is something to take. Returns how to tell no more. */
  subscribe(listener: () => void): () => void;
  /** Whether it has left, and wants nothing more but the end of its work. */
  readonly isGone: boolean;
  /** Told where its run stands, before each step. */
  follow(loop: Loop): void;
}
