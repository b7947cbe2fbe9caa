import { bytesDigest, type Digest } from '../encoding/index.ts';
import { namedPlace, type StoredEntry } from '../ledger/index.ts';
import { done, refusal, type Refusal, type Result } from '../refusal/index.ts';
import type { HeadProof, InclusionProof } from '../tree/index.ts';
import { chainAfter, emptyChain } from './chain.ts';
import { entryBlobsBytesMax } from './limits.ts';
import { parseLine, type BlobPart, type ExportEnd, type ExportLine } from './line-forms.ts';
import { Lines, type Line } from './lines.ts';
import type { Manifest } from './manifest.ts';
import type { ExportMark } from './mark.ts';
import { Parts } from './parts.ts';
import { WorkspaceWalk, type WorkspaceObject } from './workspace-walk.ts';

/** An entry of an export, with all that it needs. */
export interface ExportedEntry {
  /** As a store would give it; not checked further than that it tells a place. */
  readonly stored: StoredEntry;
  /** Blobs that stand before it, by their digests, which are those of the bytes. */
  readonly blobs: ReadonlyMap<Digest, Uint8Array>;
  /** Of a partial export. Not verified. */
  readonly inclusion: InclusionProof | null;
}

/** What an export consists of, in the order of the file. */
export type ExportRecord =
  | { readonly type: 'manifest'; readonly manifest: Manifest }
  | { readonly type: 'stream'; readonly proof: HeadProof }
  | { readonly type: 'entry'; readonly entry: ExportedEntry }
  /** An object of a workspace: the one that its entries and the trees before it call for. */
  | { readonly type: 'object'; readonly object: WorkspaceObject; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly end: ExportEnd };

/**
 * Reads an export that comes in chunks of any size, and keeps no more of it than one entry with its
 * blobs, or one object of a workspace. Sees to it that the bytes are those that an `ExportWriter` wrote:
 * form and order of the lines, digests of blobs, the objects of workspaces, all of them and no other, the
 * digest of the whole. What the entries say, whether they are those of the
 * checkpoint, and who signed it, is the business of `ExportCheck`.
 *
 * Refuses `export.invalid`, `export.newer`, and `export.truncated` when the bytes end too early.
 * After a refusal it is not to be asked again.
 */
export class ExportReader {
  readonly #lines = new Lines();
  #manifest: Manifest | undefined;
  #mark: ExportMark = { bytes: 0, lines: 0, entries: 0, chain: emptyChain };
  #bytes = 0;
  #lineCount = 0;
  #entries = 0;
  #streams = 0;
  #chain = emptyChain;
  #inclusion: InclusionProof | null = null;
  #blobs = new Map<Digest, Uint8Array>();
  #blobBytes = 0;
  readonly #parts = new Parts();
  readonly #objectParts = new Parts();
  readonly #walk = new WorkspaceWalk();
  #isPastEntries = false;
  #isEnded = false;

  /** Last place so far behind which an export that was cut short can be gone on with. */
  get mark(): ExportMark {
    return this.#mark;
  }

  /** What becomes complete with this chunk. */
  push(chunk: Uint8Array): Result<readonly ExportRecord[]> {
    const lines = this.#lines.take(chunk);
    if (!lines.ok) return lines;
    const records: ExportRecord[] = [];
    for (const line of lines.value) {
      const wrong = this.#take(line, records);
      if (wrong !== undefined) return { ok: false, refusal: wrong };
    }
    if (this.#isEnded && this.#lines.isWithin) return no('something stands behind its end');
    return done(records);
  }

  /** Told that no more bytes come. */
  finish(): Result<null> {
    if (this.#isEnded) return done(null);
    const where = `after ${this.#entries} entries`;
    return { ok: false, refusal: refusal('export.truncated', `the export breaks off ${where}`) };
  }

  #take({ text, bytes }: Line, records: ExportRecord[]): Refusal | undefined {
    if (this.#isEnded) return invalid('something stands behind its end');
    const line = parseLine(text);
    if (!line.ok) return line.refusal;
    if ((line.value.type === 'export') !== (this.#lineCount === 0)) {
      return invalid('its first line, and no other, says what it is of');
    }
    const wrong = this.#accept(line.value, records);
    if (wrong !== undefined) return wrong;
    this.#chain = chainAfter(this.#chain, text);
    this.#bytes += bytes;
    this.#lineCount += 1;
    if (!this.#isWaiting) this.#mark = this.#here();
    return undefined;
  }

  /** Whether lines have come that belong to an entry that has not. */
  get #isWaiting(): boolean {
    const isWithin = this.#parts.begun !== undefined || this.#objectParts.begun !== undefined;
    return isWithin || this.#inclusion !== null || this.#blobs.size > 0;
  }

  #here(): ExportMark {
    return {
      bytes: this.#bytes,
      lines: this.#lineCount,
      entries: this.#entries,
      chain: this.#chain,
    };
  }

  #accept(line: ExportLine, records: ExportRecord[]): Refusal | undefined {
    const { type } = line;
    if (this.#parts.begun !== undefined && type !== 'blob') return invalid('a blob is not whole');
    if (this.#isPastEntries && type !== 'object' && type !== 'end') {
      return invalid('something stands between the objects');
    }
    switch (line.type) {
      case 'export':
        this.#manifest = line.manifest;
        records.push({ type: 'manifest', manifest: line.manifest });
        return undefined;
      case 'stream':
        return this.#stream(line.proof, records);
      case 'inclusion':
        return this.#include(line.proof);
      case 'blob':
        return this.#part(line.part);
      case 'entry':
        return this.#entry(line.text, records);
      case 'object':
        return this.#object(line.part, records);
      case 'end':
        return this.#end(line.end, records);
    }
  }

  #stream(proof: HeadProof, records: ExportRecord[]): Refusal | undefined {
    if (this.#isWaiting) return invalid('an entry is missing');
    if (this.#manifest?.streams?.[this.#streams] !== proof.stream) {
      return invalid(`the stream ${proof.stream} is not to be here`);
    }
    this.#streams += 1;
    records.push({ type: 'stream', proof });
    return undefined;
  }

  #include(proof: InclusionProof): Refusal | undefined {
    if (this.#isWaiting) return invalid('an entry is missing');
    if (this.#streams === 0) return invalid('an inclusion stands outside of a stream');
    if (proof.size !== this.#manifest?.checkpoint.size || proof.index >= proof.size) {
      return invalid('an inclusion is not one in the checkpoint');
    }
    this.#inclusion = proof;
    return undefined;
  }

  #part(part: BlobPart): Refusal | undefined {
    const { digest } = part;
    if (!this.#parts.fits(part)) {
      const begun = this.#parts.begun ?? digest;
      return invalid(`the parts of the blob ${begun} do not follow each other`);
    }
    if (this.#blobs.has(digest)) return invalid(`the blob ${digest} comes twice for one entry`);
    this.#blobBytes += part.bytes.length;
    if (this.#blobBytes > entryBlobsBytesMax) return invalid('the blobs of an entry are too long');
    const bytes = this.#parts.take(part);
    if (bytes === undefined) return undefined;
    if (bytesDigest(bytes) !== digest) return invalid(`the blob ${digest} has other bytes`);
    this.#blobs.set(digest, bytes);
    return undefined;
  }

  #object(part: BlobPart, records: ExportRecord[]): Refusal | undefined {
    const { digest } = part;
    const early = this.#whyEarly();
    if (early !== undefined) return invalid(early);
    this.#isPastEntries = true;
    const object = this.#walk.next();
    if (object?.digest !== digest) return invalid(`the object ${digest} is not to be here`);
    if (!this.#objectParts.fits(part)) {
      return invalid(`the parts of the object ${digest} do not follow each other`);
    }
    const bytes = this.#objectParts.take(part);
    if (bytes === undefined) return undefined;
    const wrong = this.#walk.give(bytes);
    if (wrong !== undefined) return invalid(wrong);
    records.push({ type: 'object', object, bytes });
    return undefined;
  }

  /** Why neither objects nor the end may stand here. */
  #whyEarly(): string | undefined {
    if (this.#inclusion !== null || this.#blobs.size > 0) return 'an entry is missing';
    const { streams = null, checkpoint } = this.#manifest ?? {};
    if (streams === null && this.#entries !== checkpoint?.size) {
      return `${this.#entries} entries are here, and the checkpoint has another number`;
    }
    if (streams !== null && this.#streams < streams.length) {
      return `the stream ${streams[this.#streams] ?? ''} is missing`;
    }
    return undefined;
  }

  #entry(text: string, records: ExportRecord[]): Refusal | undefined {
    const place = namedPlace(text);
    if (place === undefined) return invalid('the text of an entry does not tell its place');
    const [blobs, inclusion] = [this.#blobs, this.#inclusion];
    const wrong = this.#whyMisplaced(place.stream);
    if (wrong !== undefined) return invalid(wrong);
    const position = inclusion?.index ?? this.#entries;
    this.#entries += 1;
    this.#blobs = new Map();
    this.#blobBytes = 0;
    this.#inclusion = null;
    const stored = { ...place, position, text };
    if (this.#manifest?.workspaces === true) this.#walk.take(stored);
    records.push({ type: 'entry', entry: { stored, blobs, inclusion } });
    return undefined;
  }

  #whyMisplaced(stream: string): string | undefined {
    const { streams, checkpoint } = this.#manifest ?? {};
    if (streams === null) {
      const size = checkpoint?.size ?? 0;
      return this.#entries < size ? undefined : `it has more than the ${size} entries it tells of`;
    }
    if (streams?.[this.#streams - 1] !== stream) return `an entry of ${stream} is not to be here`;
    return this.#inclusion === null ? 'an entry stands without its inclusion' : undefined;
  }

  #end(end: ExportEnd, records: ExportRecord[]): Refusal | undefined {
    const early = this.#whyEarly();
    if (early !== undefined) return invalid(early);
    const lacking = this.#manifest?.workspaces === true ? this.#walk.next() : undefined;
    if (lacking !== undefined) return invalid(`the object ${lacking.digest} is missing`);
    const { digest, entries, lines } = this.#totals();
    if (end.digest !== digest || end.entries !== entries || end.lines !== lines) {
      return invalid('what its last line says of the others does not hold');
    }
    this.#isEnded = true;
    records.push({ type: 'end', end });
    return undefined;
  }

  #totals(): ExportEnd {
    return { digest: this.#chain, entries: this.#entries, lines: this.#lineCount };
  }
}

function invalid(message: string): Refusal {
  return refusal('export.invalid', `not a whole and unchanged export: ${message}`);
}

function no(message: string): Result<never> {
  return { ok: false, refusal: invalid(message) };
}
