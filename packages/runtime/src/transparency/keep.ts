import type { Signer } from '@chancery/kernel/encoding';
import type { Lease } from './lease.ts';
import { Integration, type LogOptions } from './log.ts';

export interface KeepOptions extends LogOptions {
  readonly signer: Signer;
  readonly lease: Lease;
  /** Ends it, after a last growth. */
  readonly signal: AbortSignal;
  /** How long new entries wait at most until they are integrated. */
  readonly everyMs?: number;
  /** As many new entries do not wait as long. */
  readonly everyEntries?: number;
}

const defaults = { everyMs: 1_000, everyEntries: 4_096 };
/** How often it is looked whether so many entries have come, in the time that they may wait. */
const looks = 8;
/** How often, and how long each time, the last growth waits for the lease. */
const lastAttempts = 100;
const lastRestMs = 20;

/**
 * Keeps the tree of a ledger up to date while the ledger grows, beside whoever writes it. Any number
 * of processes may do so: whoever has the lease integrates for all, and holds it for one growth.
 * Where that process is killed, the next one goes on from the tiles.
 * @throws {RefusalError} as `Integration.grow` does; then it has ended.
 */
export async function keepIntegrated(options: KeepOptions): Promise<void> {
  const keeper = new Keeper(options);
  const unsubscribe = options.store.subscribe(() => keeper.news());
  try {
    await keeper.keep();
  } finally {
    unsubscribe();
  }
}

class Keeper {
  readonly #options: KeepOptions & typeof defaults;
  readonly #integration: Integration;
  /** Entries of the latest checkpoint that was signed here. */
  #size = 0;
  /** Whether the ledger may have grown since. */
  #stale = true;

  constructor(options: KeepOptions) {
    this.#options = { ...defaults, ...options };
    this.#integration = new Integration(options, options.signer);
  }

  news(): void {
    this.#stale = true;
  }

  async keep(): Promise<void> {
    for (;;) {
      await this.#gather();
      if (this.#isOver()) break;
      if (this.#stale) await this.#grow();
    }
    for (let attempt = 0; attempt < lastAttempts && !(await this.#grow()); attempt += 1) {
      await pause(lastRestMs);
    }
  }

  #isOver(): boolean {
    return this.#options.signal.aborted;
  }

  /** Whether it was integrated: false where another has the lease. */
  async #grow(): Promise<boolean> {
    const held = await this.#options.lease.acquire();
    if (held === undefined) return false;
    this.#stale = false;
    try {
      const { checkpoint } = await this.#integration.grow(held);
      this.#size = checkpoint.size;
      return true;
    } finally {
      await held.release();
    }
  }

  /** Lets entries come together, until they have waited long enough or are many. */
  async #gather(): Promise<void> {
    const { store, signal, everyMs, everyEntries } = this.#options;
    for (let look = 0; look < looks && !this.#isOver(); look += 1) {
      await pause(everyMs / looks, signal);
      const many = this.#stale ? await store.readAll(this.#size + everyEntries - 1, 1) : [];
      if (many.length > 0) return;
    }
  }
}

/** Until so much time has passed, or the signal. */
function pause(pauseMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, pauseMs);
    signal?.addEventListener('abort', end);
    if (signal?.aborted === true) end();
  });
}
