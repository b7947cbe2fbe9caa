import { readEntry, type SealedEntry } from '../ledger/index.ts';
import { done, refusal, type Refusal, type Result } from '../refusal/index.ts';
import {
  checkCompleteness,
  verifyInclusion,
  type Completeness,
  type HeadProof,
} from '../tree/index.ts';
import { AbsentBlobs, whyStray } from './blobs-check.ts';
import type { Manifest } from './manifest.ts';
import type { ExportedEntry } from './reader.ts';
import { TrustCheck } from './trust-check.ts';

/** A stream that was shown whole. */
export interface ShownStream {
  readonly stream: string;
  readonly entries: number;
  readonly completeness: Completeness;
}

/** Verifies an export of some streams: each entry is in the tree, and none of a stream is missing. */
export class StreamCheck {
  readonly #manifest: Manifest;
  readonly #trust = new TrustCheck();
  readonly #absent = new AbsentBlobs();
  readonly #shown: ShownStream[] = [];
  #proof: HeadProof | undefined;
  #entries: SealedEntry[] = [];

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  /** The next stream begins. */
  open(proof: HeadProof): Refusal | undefined {
    const wrong = this.#close();
    this.#proof = proof;
    return wrong;
  }

  take(exported: ExportedEntry): Refusal | undefined {
    const { stored, inclusion } = exported;
    const { stream, seq } = stored;
    const read = readEntry(stored);
    if (!read.ok) return tampered(`entry ${seq} of ${stream}: ${read.refusal.message}`);
    const { entry, text, digest } = read.value;
    const stray = whyStray(read.value, exported);
    if (stray !== undefined) return tampered(`entry ${seq} of ${stream}: ${stray}`);
    if (inclusion === null) return tampered(`entry ${seq} of ${stream} has no proof of inclusion`);
    const outside = verifyInclusion(inclusion, digest, this.#manifest.checkpoint.root);
    if (outside !== undefined) return tampered(`entry ${seq} of ${stream}: ${outside.message}`);
    this.#trust.take(entry, stored.position);
    this.#absent.take(read.value, exported);
    this.#entries.push({ entry, text, digest });
    return undefined;
  }

  /** Refuses `export.tampered`. */
  finish(): Result<readonly ShownStream[]> {
    const wrong = this.#close();
    if (wrong !== undefined) return { ok: false, refusal: wrong };
    const opened = this.#trust.open(this.#manifest);
    if (!opened.ok) return opened;
    const lost = this.#absent.whyIncomplete(this.#trust.prunings());
    return lost === undefined ? done(this.#shown) : { ok: false, refusal: tampered(lost) };
  }

  #close(): Refusal | undefined {
    const [proof, entries] = [this.#proof, this.#entries];
    if (proof === undefined) return undefined;
    const { ledger, checkpoint } = this.#manifest;
    const { stream } = proof;
    const complete = checkCompleteness({ ledger, stream, entries, proof, checkpoint });
    if (!complete.ok) return tampered(complete.refusal.message);
    this.#shown.push({ stream, entries: entries.length, completeness: complete.value });
    this.#entries = [];
    return undefined;
  }
}

function tampered(message: string): Refusal {
  return refusal('export.tampered', message);
}
