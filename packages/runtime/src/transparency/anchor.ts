import type { Result } from '@chancery/kernel/refusal';

/**
 * A place outside the ledger that keeps its checkpoints, in the order in which they came. What is
 * read back is believed by its signatures alone.
 */
export interface Anchor extends AnchorSource {
  /**
   * Keeps a checkpoint; durable there when it resolves, and nothing that it kept before is changed.
   * Refuses `anchor.unreachable`, and `anchor.broken` where what is kept there is no list of notes.
   */
  publish(note: string): Promise<Result<null>>;
}

/** An anchor as whoever compares reads it. */
export interface AnchorSource {
  /**
   * All that it keeps, the oldest first; empty where there is nothing yet. Refuses
   * `anchor.unreachable`, `anchor.broken`.
   */
  published(): Promise<Result<readonly string[]>>;
}
