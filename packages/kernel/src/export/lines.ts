import { done, refused, type Result } from '../refusal/index.ts';
import { lineBytesMax } from './limits.ts';

/** A line without its newline. */
export interface Line {
  readonly text: string;
  /** Bytes of the line with its newline. */
  readonly bytes: number;
}

const newline = 0x0a;

/** Cuts bytes that come in chunks of any size into lines. Keeps no more than a line that has not ended. */
export class Lines {
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  /** Whether a line has begun that has not ended. */
  get isWithin(): boolean {
    return this.#begunBytes > 0;
  }

  /** The lines that end in this chunk. Refuses `export.invalid`. */
  take(chunk: Uint8Array): Result<readonly Line[]> {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      const line = this.#end(chunk.subarray(from, at));
      if (!line.ok) return line;
      lines.push(line.value);
      from = at + 1;
    }
    if (from < chunk.length) {
      // The caller may fill its chunk anew.
      this.#begun.push(chunk.slice(from));
      this.#begunBytes += chunk.length - from;
    }
    return this.#begunBytes > lineBytesMax ? tooLong() : done(lines);
  }

  #end(last: Uint8Array): Result<Line> {
    const length = this.#begunBytes + last.length;
    if (length > lineBytesMax) return tooLong();
    const bytes = this.#begun.length === 0 ? last : this.#joined(last, length);
    try {
      return done({ text: this.#utf8.decode(bytes), bytes: length + 1 });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return refused('export.invalid', 'a line is not UTF-8');
    }
  }

  #joined(last: Uint8Array, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of [...this.#begun, last]) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#begun = [];
    this.#begunBytes = 0;
    return bytes;
  }
}

function tooLong(): Result<never> {
  return refused('export.invalid', `a line has more than ${lineBytesMax} bytes`);
}
