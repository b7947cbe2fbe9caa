import { bytesDigest } from '@chancery/kernel/encoding';

/** An export that is kept where it can be read again, from anywhere. */
export interface ExportFile {
  /**
   * Bytes from an offset on: as many as are asked for, fewer at the end only. Rejects with a
   * `RefusalError` for what the outside does wrong.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Bytes that are read at once. */
const chunkBytes = 1 << 18;

/** All of a file, chunk by chunk. */
export async function* chunksOf(file: ExportFile): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ;) {
    const chunk = await file.read(offset, chunkBytes);
    if (chunk.length > 0) yield chunk;
    if (chunk.length < chunkBytes) return;
    offset += chunk.length;
  }
}

/** Remembers what a file held at the first reading, at the cost of 64 characters for each chunk. */
export class SeenFile {
  readonly #file: ExportFile;
  readonly #digests: string[] = [];

  constructor(file: ExportFile) {
    this.#file = file;
  }

  async *first(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(this.#file)) {
      this.#digests.push(bytesDigest(chunk));
      yield chunk;
    }
  }

  /** The same bytes once more; ends at the first chunk that is another one now. */
  async *again(): AsyncGenerator<Uint8Array> {
    let index = 0;
    for await (const chunk of chunksOf(this.#file)) {
      if (bytesDigest(chunk) !== this.#digests[index]) return;
      index += 1;
      yield chunk;
    }
  }
}
