import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

/** A folder that somebody hands over: nothing in it is believed, not even that its files end. */
export class TileFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Bytes of the file at a path. Looks first what it is, since a pipe would never end and another
   * length than `fits` allows would be read for nothing.
   * @throws {RefusalError} `tile.missing`, `tile.invalid`.
   */
  read(path: string, fits: (bytes: number) => boolean): Uint8Array {
    const file = join(this.#folder, path);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) throw missing(path, 'ENOENT');
    if (!stats.isFile()) throw missing(path, 'no file');
    if (!fits(stats.size)) {
      throw new RefusalError(refusal('tile.invalid', `${path} has ${stats.size} bytes`));
    }
    try {
      return readFileSync(file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      throw missing(path, String(error.code));
    }
  }

  /** Whether anything stands at a path. */
  has(path: string): boolean {
    return statSync(join(this.#folder, path), { throwIfNoEntry: false }) !== undefined;
  }

  /** Paths of all files below one, in no order; none where nothing is. */
  *below(path: string): Generator<string, void, undefined> {
    for (const entry of this.#entries(path)) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) yield* this.below(inner);
      else yield inner;
    }
  }

  #entries(path: string) {
    try {
      return readdirSync(join(this.#folder, path), { withFileTypes: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw missing(path, String(error.code));
    }
  }
}

function missing(path: string, why: string): RefusalError {
  return new RefusalError(refusal('tile.missing', `${path} cannot be read (${why})`));
}
