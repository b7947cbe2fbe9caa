import type { Digest } from '../encoding/index.ts';
import { assert } from '../refusal/index.ts';
import type { HeadProof, InclusionProof } from '../tree/index.ts';
import { chainAfter, emptyChain } from './chain.ts';
import { entryBlobsBytesMax, lineBytesMax, partBytes } from './limits.ts';
import { lineText, type ExportLine } from './line-forms.ts';
import type { Manifest } from './manifest.ts';
import type { ExportMark } from './mark.ts';

export interface WrittenBlob {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/**
 * Writes an export line by line. What it writes follows from its calls alone, so that the same
 * ledger at the same checkpoint has one export. The order of the calls is the caller's duty, see
 * `docs/internals/export.md`.
 */
export class ExportWriter {
  #chain: Digest;
  #lines: number;
  #entries: number;

  /** Begins, or goes on behind what a reader has marked. */
  constructor(mark: Pick<ExportMark, 'chain' | 'lines' | 'entries'> = beginning) {
    this.#chain = mark.chain;
    this.#lines = mark.lines;
    this.#entries = mark.entries;
  }

  manifest(manifest: Manifest): string {
    return this.#line({ type: 'export', manifest });
  }

  /** Opens a stream of a partial export. */
  stream(proof: HeadProof): string {
    return this.#line({ type: 'stream', proof });
  }

  /**
   * An entry after its blobs, each once, in the order in which it names them; in a partial export
   * with its inclusion. Whether a reader takes so much, `fitsExport` tells.
   */
  entry(text: string, blobs: readonly WrittenBlob[], inclusion?: InclusionProof): string {
    let lines = inclusion === undefined ? '' : this.#line({ type: 'inclusion', proof: inclusion });
    for (const blob of blobs) lines += this.#parts('blob', blob);
    this.#entries += 1;
    return lines + this.#line({ type: 'entry', text });
  }

  /** An object of a workspace, after all entries, as a `WorkspaceWalk` tells. */
  object(object: WrittenBlob): string {
    return this.#parts('object', object);
  }

  end(): string {
    const end = { digest: this.#chain, entries: this.#entries, lines: this.#lines };
    return this.#line({ type: 'end', end });
  }

  #parts(type: 'blob' | 'object', { digest, bytes }: WrittenBlob): string {
    const parts = Math.max(1, Math.ceil(bytes.length / partBytes));
    let lines = '';
    for (let part = 0; part < parts; part += 1) {
      const piece = bytes.subarray(part * partBytes, (part + 1) * partBytes);
      lines += this.#line({ type, part: { digest, part, parts, bytes: piece } });
    }
    return lines;
  }

  #line(line: ExportLine): string {
    const text = lineText(line);
    assert(!text.includes('\n'), 'a line is one line');
    this.#chain = chainAfter(this.#chain, text);
    this.#lines += 1;
    return `${text}\n`;
  }
}

const beginning = { chain: emptyChain, lines: 0, entries: 0 };
const mostBytesOfUnit = 3;
const utf8 = new TextEncoder();

/** Whether a reader takes an entry with its blobs: neither a line nor the blobs together are too long. */
export function fitsExport(text: string, blobs: readonly WrittenBlob[]): boolean {
  const sum = blobs.reduce((bytes, blob) => bytes + blob.bytes.length, 0);
  if (sum > entryBlobsBytesMax) return false;
  return text.length * mostBytesOfUnit <= lineBytesMax || utf8.encode(text).length <= lineBytesMax;
}
