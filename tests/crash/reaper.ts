import { openSync, writeSync } from 'node:fs';
import type { Phase } from '@chancery/runtime/broker';

/** An instant of a run at which the process can be killed. */
export type Mark =
  | Phase
  | 'append asked'
  | 'append durable'
  | 'effect begun'
  | 'effect half'
  | 'effect done'
  | 'model asked'
  | 'at rest';

/** Counts the instants that a process passes, and kills it at one of them. */
export class Reaper {
  readonly #file: number;
  readonly #killAt: number;
  #passed = 0;

  /** Notes each instant in `path`, a line each. `killAt` counts from 1; 0 never comes. */
  constructor(path: string, killAt: number) {
    this.#file = openSync(path, 'a');
    this.#killAt = killAt;
  }

  pass(mark: Mark): void {
    this.#passed += 1;
    writeSync(this.#file, `${mark}\n`);
    if (this.#passed === this.#killAt) process.kill(process.pid, 'SIGKILL');
  }
}
