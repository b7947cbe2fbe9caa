import { type AppendOutcome, type SealedBatch } from '@chancery/kernel/ledger';
import { type Settlement } from './writer.ts';

interface Waiting {
  readonly batch: SealedBatch;
  readonly settle: (settlement: Settlement) => void;
}

/** Batches of one transaction; more wait for the next turn, so that the event loop breathes. */
const groupSize = 1_024;

/**
 * Group commit: what is appended within one turn of the event loop shares a transaction and its
 * durable barrier. An append alone waits for no other.
 */
export class Group {
  readonly #write: (batches: readonly SealedBatch[]) => readonly Settlement[];
  readonly #appended: () => void;
  #waiting: Waiting[] = [];
  #turn: NodeJS.Immediate | undefined;

  constructor(
    write: (batches: readonly SealedBatch[]) => readonly Settlement[],
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
      this.#turn ??= setImmediate(() => this.#next());
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
    const settlements = this.#write(group.map(({ batch }) => batch));
    let appended = false;
    for (const [index, { settle }] of group.entries()) {
      const settlement = settlements[index];
      if (settlement === undefined) continue;
      appended ||= settlement.kind === 'appended';
      settle(settlement);
    }
    if (appended) this.#appended();
  }
}
