import type { AppendOutcome, SealedBatch } from '@chancery/kernel/ledger';
import type { Waiting } from './settlement.ts';

/** Where a group is written. */
export interface GroupWriter {
  /** Whether so many batches should be written now, while others are about to come. */
  readonly isEager: (batches: number) => boolean;
  readonly write: (group: readonly Waiting[]) => void;
}

/** Batches of one transaction; more wait for the next turn, so that the event loop breathes. */
const groupSize = 1_024;

/**
 * Group commit: what is appended within one turn of the event loop shares a transaction and its
 * durable barrier. An append alone waits for no other.
 */
export class Group {
  readonly #writer: GroupWriter;
  #waiting: Waiting[] = [];
  #turn: NodeJS.Immediate | undefined;

  constructor(writer: GroupWriter) {
    this.#writer = writer;
  }

  add(batch: SealedBatch): Promise<AppendOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      if (this.#writer.isEager(this.#waiting.length)) this.#next();
      else this.#turn ??= setImmediate(() => this.#next());
    });
  }

  /** Writes all that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#next();
  }

  #next(): void {
    clearImmediate(this.#turn);
    const group = this.#waiting.splice(0, groupSize);
    this.#turn = this.#waiting.length > 0 ? setImmediate(() => this.#next()) : undefined;
    this.#writer.write(group);
  }
}
