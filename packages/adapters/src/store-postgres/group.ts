import type { AppendOutcome, SealedBatch } from '@chancery/kernel/ledger';
import type { Settlement } from './plan.ts';

interface Waiting {
  readonly batch: SealedBatch;
  readonly settle: (settlement: Settlement) => void;
}

/** Batches of one transaction; more wait for the next. */
const groupSize = 512;

/**
 * Group commit: what is appended while a transaction is under way shares the next one. An append
 * alone waits for no other.
 */
export class Group {
  readonly #write: (batches: readonly SealedBatch[]) => Promise<readonly Settlement[]>;
  readonly #appended: () => void;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(
    write: (batches: readonly SealedBatch[]) => Promise<readonly Settlement[]>,
    appended: () => void,
  ) {
    this.#write = write;
    this.#appended = appended;
  }

  add(batch: SealedBatch): Promise<AppendOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        batch,
        settle: (settlement) => {
          if (settlement.kind === 'failed') reject(settlement.error);
          else resolve(settlement);
        },
      });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves when all that was added is settled. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, groupSize);
      const settlements = await this.#settlements(group.map(({ batch }) => batch));
      for (const [index, { settle }] of group.entries()) {
        const settlement = settlements[index];
        if (settlement !== undefined) settle(settlement);
      }
      if (settlements.some(({ kind }) => kind === 'appended')) this.#appended();
    }
    this.#writing = undefined;
  }

  /** A broken assumption fails the group that met it; those that follow are not left waiting. */
  async #settlements(batches: readonly SealedBatch[]): Promise<readonly Settlement[]> {
    try {
      return await this.#write(batches);
    } catch (error) {
      const thrown = error instanceof Error ? error : new Error(String(error));
      return batches.map(() => ({ kind: 'failed', error: thrown }));
    }
  }
}
