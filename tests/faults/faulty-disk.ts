import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What can befall a call; see `shim/faults.c`. */
export const faultKinds = [
  'no-room-once',
  'no-room',
  'error-once',
  'error',
  'short-write',
  'short-read',
  'failed-barrier',
  'power-cut',
  'false-barrier',
  'false-barriers',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** What a power cut leaves of what is pending: nothing, or the names and every other write. */
type Spared = 'nothing' | 'every-other';

/**
 * How a process ends that a fault has befallen: it closes what it has open, it is killed, or the
 * power fails.
 */
export type Ending = 'closes' | 'killed' | Spared;

/**
 * The disk below a folder, in a process into which the shim was loaded before all else. The shim is
 * told what to do by the names of files that are read.
 */
export class FaultyDisk {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Takes all that there is for durable. */
  forget(): void {
    this.#tell('forget');
  }

  /** Lets the call fail that is the `at`th, from 1, of those that such a fault can befall. */
  arm(kind: FaultKind, at: number): void {
    this.#tell(`arm ${kind} ${at}`);
  }

  /** The call that failed, and on what; empty when so many have not been made. */
  struck(): string {
    return this.#tell('struck').replace(`${this.folder}/`, '');
  }

  /** Every call fails from now on, as if the process were not there any more. */
  die(): void {
    this.#tell('die');
  }

  /** No call fails any more. */
  calm(): void {
    this.#tell('calm');
  }

  /** Takes from the files what is not durable. None of them may be open. */
  cutPower(spared: Spared): void {
    this.#tell(`cut ${spared}`);
  }

  #tell(command: string): string {
    return readFileSync(join(this.folder, `@${command}`), 'utf8');
  }
}
