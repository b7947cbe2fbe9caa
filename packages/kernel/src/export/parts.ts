import type { Digest } from '../encoding/index.ts';
import type { BlobPart } from './line-forms.ts';

/** Puts contents together that come in parts, one after the other. */
export class Parts {
  #parts: BlobPart[] = [];

  /** Digest of what has begun and is not whole. */
  get begun(): Digest | undefined {
    return this.#parts[0]?.digest;
  }

  /** Whether this is the first part of something, or the next of what has begun. */
  fits({ digest, parts, part }: BlobPart): boolean {
    const first = this.#parts[0];
    if (part !== this.#parts.length) return false;
    return first === undefined || (first.digest === digest && first.parts === parts);
  }

  /** Takes a part that fits; the bytes of the whole with its last. */
  take(part: BlobPart): Uint8Array | undefined {
    this.#parts.push(part);
    if (this.#parts.length < part.parts) return undefined;
    const bytes = joined(this.#parts);
    this.#parts = [];
    return bytes;
  }
}

function joined(parts: readonly BlobPart[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only.bytes;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part.bytes, at);
    at += part.bytes.length;
  }
  return bytes;
}
