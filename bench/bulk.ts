import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Two databases with the tables of a ledger. */
export interface BulkFiles {
  /** The ledger whose rows are inserted once more. */
  readonly ledger: string;
  /** Where they are inserted, without any hashing or check. */
  readonly bulk: string;
}

export interface BulkRound {
  readonly rows: number;
  /** Of the transactions alone, each durable at its end. */
  readonly tookMs: number;
}

/**
 * The floor of appends: the very rows of a ledger, inserted in the order in which they stand there.
 * In a thread of its own, so that its garbage is not collected while ours is measured.
 */
export class Bulk {
  readonly #worker: Worker;

  constructor(files: BulkFiles) {
    this.#worker = new Worker(new URL('bulk-program.ts', import.meta.url), { workerData: files });
  }

  /**
   * Inserts what the ledger has got since the last round.
   *
   * @param groups how many rows share a transaction, by turns
   */
  async round(groups: readonly number[]): Promise<BulkRound> {
    const answer = once(this.#worker, 'message');
    this.#worker.postMessage(groups);
    const [made] = (await answer) as [BulkRound];
    return made;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
