import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';

const step = Buffer.alloc(1024 * 1024);
/** As long as the WAL gets between two checkpoints; then it is written over from its beginning. */
const longestBytes = 16 * 1024 * 1024;

/**
 * Room in the WAL ahead of what is written. A barrier after a write within a file costs about
 * half of one after a write that makes the file longer, since there is no new length to make
 * durable. SQLite takes the zeros for the end of the WAL: they are no frame of it (file format,
 * section 4.1). Without room everything works as well, slower.
 */
export class WalRoom {
  readonly #path: string;
  #file: number | undefined;
  #madeBytes = 0;

  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`;
  }

  /** To be called after a commit: the WAL is there then, and nobody writes to it. */
  make(): void {
    if (this.#madeBytes >= longestBytes) return;
    try {
      this.#file ??= openSync(this.#path, 'r+');
      const { size } = fstatSync(this.#file);
      if (size <= this.#madeBytes) return;
      this.#madeBytes = size + writeSync(this.#file, step, 0, step.length, size);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      // The disk is full, say: whether that is a failure, the next append will find out.
      this.#madeBytes = longestBytes;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#madeBytes = longestBytes;
  }
}
