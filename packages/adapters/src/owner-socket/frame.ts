import { refusal, RefusalError } from '@chancery/kernel/refusal';

/** Most bytes that one message may have. */
const maxFrameBytes = 64 * 1024 * 1024;
const headBytes = 4;

/**
 * A message as it goes over the socket: its length in 4 bytes, big-endian, and its UTF-8 text.
 * @throws {RefusalError} `entry.invalid` when it is over `maxFrameBytes`.
 */
export function encodeFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  if (length > maxFrameBytes) {
    const message = `a batch of ${length} bytes does not fit in a message of ${maxFrameBytes}`;
    throw new RefusalError(refusal('entry.invalid', message));
  }
  const frame = Buffer.allocUnsafe(headBytes + length);
  frame.writeUInt32BE(length);
  frame.write(text, headBytes);
  return frame;
}

/** Puts messages together again from what arrives. */
export class FrameReader {
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #chunks: Buffer[] = [];
  #bytes = 0;
  #length: number | undefined;

  /** Messages that are complete now; undefined when what came is no message: hang up. */
  push(chunk: Buffer): string[] | undefined {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const messages: string[] = [];
    for (;;) {
      if (this.#length === undefined) {
        if (this.#bytes < headBytes) return messages;
        this.#length = this.#take(headBytes).readUInt32BE();
        if (this.#length > maxFrameBytes) return undefined;
      }
      if (this.#bytes < this.#length) return messages;
      const text = this.#decode(this.#take(this.#length));
      if (text === undefined) return undefined;
      messages.push(text);
      this.#length = undefined;
    }
  }

  #take(count: number): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const bytes = all ?? Buffer.alloc(0);
    this.#chunks = [bytes.subarray(count)];
    this.#bytes -= count;
    return bytes.subarray(0, count);
  }

  #decode(bytes: Buffer): string | undefined {
    try {
      return this.#utf8.decode(bytes);
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }
}
