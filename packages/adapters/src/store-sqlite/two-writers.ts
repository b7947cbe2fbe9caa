import type { DatabaseSync } from 'node:sqlite';
import type { GroupWriter } from './group.ts';
import type { OnSettled, Waiting } from './settlement.ts';
import { WriterThread } from './writer-thread.ts';
import { Writer } from './writer.ts';

/** So many batches at once are a crowd: the thread is started for it, and takes it. */
const crowd = 24;

/**
 * Writes here while few batches come, without a hop to another thread, and on a thread of its own
 * once there is a crowd, so that its trajectories go on while the disk works. The two never write
 * at the same time: as long as something is with the thread, all goes there, and here a group is
 * written in one go.
 */
export class TwoWriters implements GroupWriter {
  readonly #path: string;
  readonly #here: Writer;
  readonly #onSettled: OnSettled;
  #thread: WriterThread | undefined;

  constructor(database: DatabaseSync, path: string, onSettled: OnSettled) {
    this.#path = path;
    this.#here = new Writer(database, path);
    this.#onSettled = onSettled;
  }

  isEager(batches: number): boolean {
    return batches >= crowd && this.#thread?.isReady === true;
  }

  write(group: readonly Waiting[]): void {
    const isCrowd = group.length >= crowd;
    if (isCrowd) this.#thread ??= new WriterThread(this.#path, this.#onSettled);
    const thread = this.#thread;
    // Once a writer is broken all goes to it, for it to be refused.
    const toThread = isCrowd || thread?.isBusy === true || thread?.isBroken === true;
    if (thread?.isReady === true && toThread && !this.#here.isBroken) thread.write(group);
    else this.#writeHere(group);
  }

  /** Resolves when all that was written is settled. Leaves the database open. */
  async close(): Promise<void> {
    await this.#thread?.close();
    this.#here.close();
  }

  #writeHere(group: readonly Waiting[]): void {
    const settlements = this.#here.write(group.map(({ batch }) => batch));
    this.#onSettled(group, settlements);
    this.#here.makeRoom();
  }
}
