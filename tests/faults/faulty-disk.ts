import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What can befall a call; see `shim/faults.c`. */
export type FaultKind =
  | 'no-room-once'
  | 'no-room'
  | 'error-once'
  | 'error'
  | 'short-write'
  | 'short-read'
  | 'failed-barrier'
  | 'power-cut'
  | FalseBarrier;

/** A barrier that says it is done and is not: one, all from one on, one and a cut at the next. */
export type FalseBarrier = 'false-barrier' | 'false-barriers' | 'false-barrier-cut';

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

  /** Begins anew, without a file. */
  renew(): void {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder);
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

  /** A letter for each call since the disk was begun anew; see `shim/faults.c`. */
  called(): string {
    return this.#tell('called');
  }

  /** Every call fails from now on, as if the process were not there any more. */
  die(): void {
    this.#tell('die');
  }

  /** No call fails any more. */
  calm(): void {
    this.#tell('calm');
  }

  /** Lets the process be another, or the machine: no call fails any more. */
  end(ending: Ending): void {
    if (ending === 'closes' || ending === 'killed') this.calm();
    else this.cutPower(ending);
  }

  /** Takes from the files what is not durable. None of them may be open. */
  cutPower(spared: Spared): void {
    this.#tell(`cut ${spared}`);
  }

  #tell(command: string): string {
    return readFileSync(join(this.folder, `@${command}`), 'utf8');
  }
}
