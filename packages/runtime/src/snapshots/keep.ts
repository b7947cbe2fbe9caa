import { RefusalError, type Refusal } from '@chancery/kernel/refusal';
import { newestSnapshot, type RefusedSnapshot } from './newest.ts';
import { snapshotRun, type SnapshotOptions } from './take.ts';

/** Entries that a run grows by before it gets another snapshot: folding them takes milliseconds. */
export const snapshotEveryEntries = 1_000;

export interface KeepingOptions extends SnapshotOptions {
  /** How many entries a run has to grow by since its last snapshot. */
  readonly everyEntries: number;
  /** Told why a snapshot was not taken. The run goes on without it. */
  readonly onNotTaken: (why: Refusal) => void;
  /** Told of snapshots that were there and could not be used: the next one replaces them. */
  readonly onPassedOver: (refused: readonly RefusedSnapshot[]) => void;
}

/**
 * Takes snapshots of one run while somebody drives it. They are taken beside the run, one at a
 * time, and nothing that the run writes waits for one.
 */
export class RunSnapshots {
  readonly #options: KeepingOptions;
  readonly #run: string;
  /** Seq that the next snapshot is counted from: of the last one, or where the last attempt was. */
  #since: number;
  #taking: Promise<void> | undefined;

  private constructor(options: KeepingOptions, run: string, since: number) {
    this.#options = options;
    this.#run = run;
    this.#since = since;
  }

  /**
   * Counts from the run's newest snapshot that holds.
   * @throws as reading the store does.
   */
  static async of(options: KeepingOptions, run: string): Promise<RunSnapshots> {
    const { ledger, journal } = options;
    const { facts, refused } = await newestSnapshot({ store: journal.store, ledger }, run);
    if (refused.length > 0) options.onPassedOver(refused);
    return new RunSnapshots(options, run, facts?.head?.seq ?? -1);
  }

  /** To be told the seq of the run's last entry whenever it has grown; takes no time. */
  readonly grown = (seq: number): void => {
    if (this.#taking !== undefined || seq - this.#since < this.#options.everyEntries) return;
    this.#since = seq;
    this.#taking = this.#take();
    // What it throws is for `settled`; nothing else is to come of it until then.
    this.#taking.catch(() => undefined);
  };

  /**
   * Resolves when none is being taken.
   * @throws what is no refusal: a broken assumption, of which the run knows nothing.
   */
  async settled(): Promise<void> {
    await this.#taking;
  }

  async #take(): Promise<void> {
    try {
      const { at } = await snapshotRun(this.#options, this.#run);
      this.#since = at.seq;
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      this.#options.onNotTaken(error.refusal);
    }
    this.#taking = undefined;
  }
}
