import { leafDigest, type Digest } from '../encoding/index.ts';
import { readEntry, type Head } from '../ledger/index.ts';
import { Verifier, type Verification } from '../replay/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { emptyFrontier, emptyHeadsMap, grow, rootOf, withHeads } from '../tree/index.ts';
import { BlobsCheck, concernsBlobs } from './blobs-check.ts';
import { keysStream, type Manifest } from './manifest.ts';
import { type ExportedEntry } from './reader.ts';
import { TrustCheck } from './trust-check.ts';

/** Leaves that the tree takes at once. */
const leavesAtOnce = 1_024;

/** Verifies an export of a whole ledger as its entries pass by. */
export class WholeCheck {
  readonly #manifest: Manifest;
  readonly #verifier: Verifier;
  readonly #trust = new TrustCheck();
  readonly #named = new BlobsCheck();
  readonly #heads = new Map<string, Head>();
  #frontier = emptyFrontier;
  #leaves: Digest[] = [];
  #blobs: ExportedEntry['blobs'] = new Map();

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    this.#verifier = new Verifier(manifest.ledger, { blobs: (digest) => this.#blobs.get(digest) });
  }

  take(entry: ExportedEntry): Refusal | undefined {
    const { stored } = entry;
    if (stored.stream === keysStream || concernsBlobs(entry)) {
      const wrong = this.#read(entry);
      if (wrong !== undefined) return wrong;
    }
    this.#blobs = entry.blobs;
    this.#verifier.page([stored]);
    const digest = leafDigest(stored.text);
    this.#heads.set(stored.stream, { seq: stored.seq, digest });
    this.#leaves.push(digest);
    if (this.#leaves.length === leavesAtOnce) this.#grow();
    return undefined;
  }

  /** Refuses `export.tampered`. */
  finish(): Result<Verification> {
    this.#grow();
    const opened = this.#trust.open(this.#manifest);
    if (!opened.ok) return opened;
    const { root, heads } = opened.value.checkpoint;
    if (rootOf(this.#frontier) !== root)
      return tampered('its entries are not those of its checkpoint');
    if (heads !== undefined && this.#headsRoot() !== heads) {
      return tampered('the ends of its streams are not those of its checkpoint');
    }
    const lost = this.#named.whyIncomplete((blob, at) => this.#verifier.isPrunedAfter(blob, at));
    if (lost !== undefined) return tampered(lost);
    const verification = this.#verifier.finish(this.#heads);
    if (verification.ok) return done(verification);
    const found = verification.findings.find(({ severity }) => severity === 'tampered');
    const { code, stream, seq, message } = found ?? { code: '', stream: '', seq: 0, message: '' };
    return refused('export.tampered', `${code} at entry ${seq} of ${stream}: ${message}`, {
      details: { finding: code, stream, seq },
    });
  }

  #read(entry: ExportedEntry): Refusal | undefined {
    const { stored } = entry;
    const read = readEntry(stored);
    if (!read.ok) return at(entry, read.refusal.message);
    if (stored.stream === keysStream) this.#trust.take(read.value.entry, stored.position);
    const wrong = this.#named.take(read.value, entry);
    return wrong === undefined ? undefined : at(entry, wrong);
  }

  #grow(): void {
    this.#frontier = grow(this.#frontier, this.#leaves);
    this.#leaves = [];
  }

  #headsRoot(): Digest {
    const heads = [...this.#heads].map(([stream, head]) => ({ stream, head }));
    return withHeads(emptyHeadsMap, heads).digest;
  }
}

function at({ stored: { stream, seq } }: ExportedEntry, message: string): Refusal {
  return refusal('export.tampered', `entry ${seq} of ${stream}: ${message}`);
}

function tampered(message: string): Result<never> {
  return refused('export.tampered', message);
}
