import { Worker } from 'node:worker_threads';
import { Fault } from '@chancery/kernel/refusal';
import { pack, type Packed } from './packing.ts';
import type { OnSettled, Settlement, Waiting } from './settlement.ts';

/** What the thread is told. `undefined`: close the database and end. */
export type ToWriter = Packed | undefined;

/** What the thread tells: once that it is ready, then settlements in the order of the batches. */
export type FromWriter =
  'ready' | { readonly settlements: readonly Settlement[]; readonly isBroken: boolean };

/**
 * A thread that writes over a connection of its own, so that the disk's time and the deciding
 * thread's time pass together. Whatever it is given after a batch is written after that batch.
 */
export class WriterThread {
  readonly #worker: Worker;
  readonly #onSettled: OnSettled;
  /** Given to the thread and not settled, oldest first. */
  readonly #given: Waiting[] = [];
  readonly #ended = Promise.withResolvers<undefined>();
  #ready = false;
  #isBroken = false;
  #failure: Fault | undefined;

  /** Opens the database at `path`. */
  constructor(path: string, onSettled: OnSettled) {
    this.#onSettled = onSettled;
    this.#worker = new Worker(new URL('writer-program.ts', import.meta.url), {
      workerData: path,
      // Options of our process may be about its own program, and break another one.
      execArgv: [],
    });
    this.#worker.unref();
    this.#worker.on('message', (message: FromWriter) => {
      if (message === 'ready') this.#ready = true;
      else this.#take(message);
    });
    this.#worker.on('error', (error: Error) => this.#fail(`the writer failed: ${error.message}`));
    this.#worker.on('exit', () => {
      this.#fail('the writer has ended');
      this.#ended.resolve(undefined);
    });
  }

  /** Whether batches can be given to it. One that failed takes them, and rejects them. */
  get isReady(): boolean {
    return this.#ready || this.#failure !== undefined;
  }

  /** Whether it refuses everything, see `Writer`. */
  get isBroken(): boolean {
    return this.#isBroken || this.#failure !== undefined;
  }

  /** Whether something is with it that is not settled. */
  get isBusy(): boolean {
    return this.#given.length > 0;
  }

  write(group: readonly Waiting[]): void {
    const failure = this.#failure;
    if (failure !== undefined) {
      for (const { reject } of group) reject(failure);
      return;
    }
    if (!this.isBusy) this.#worker.ref();
    this.#given.push(...group);
    this.#tell(pack(group.map(({ batch }) => batch)));
  }

  /** Resolves when all that it was given is settled and its connection is closed. */
  async close(): Promise<void> {
    this.#worker.ref();
    this.#tell(undefined);
    await this.#ended.promise;
  }

  #tell(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #take({ settlements, isBroken }: Exclude<FromWriter, 'ready'>): void {
    this.#isBroken = isBroken;
    const group = this.#given.splice(0, settlements.length);
    if (!this.isBusy) this.#worker.unref();
    this.#onSettled(group, settlements);
  }

  /** What was with it may be written or not; nobody here can tell. */
  #fail(message: string): void {
    this.#failure ??= new Fault(message);
    for (const { reject } of this.#given.splice(0)) reject(this.#failure);
  }
}
