import { setTimeout as sleep } from 'node:timers/promises';
import { RefusalError } from '@chancery/kernel/refusal';

/** Least time between two notices: each is a transaction, which appends would have to share with. */
const pauseMs = 5;

/**
 * Tells other processes of appends, beside the write path: a `NOTIFY` within the transaction would
 * make all commits of the database wait for each other. The first goes at once; those that follow it
 * closely become one.
 */
export class Notice {
  readonly #notify: () => Promise<void>;
  #wanted = false;
  #sending: Promise<void> | undefined;

  constructor(notify: () => Promise<void>) {
    this.#notify = notify;
  }

  send(): void {
    this.#wanted = true;
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when nothing is left to be sent. */
  async sent(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      try {
        await this.#notify();
      } catch (error) {
        // The entries are durable; who listens looks by itself, and finds them.
        if (!(error instanceof RefusalError)) throw error;
      }
      await sleep(pauseMs);
    }
    this.#sending = undefined;
  }
}
