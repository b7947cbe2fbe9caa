import { LedgerAudit } from '../audit/index.ts';
import { readEntry } from '../ledger/index.ts';
import type { Verification } from '../replay/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { concernsBlobs, whyStray } from './blobs-check.ts';
import { keysStream, type Manifest } from './manifest.ts';
import type { ExportedEntry } from './reader.ts';
import { TrustCheck } from './trust-check.ts';

/**
 * Verifies an export of a whole ledger as its entries pass by: all that `LedgerAudit` does, and that
 * nothing stands in the export that its entries and its first line do not speak of.
 */
export class WholeCheck {
  readonly #manifest: Manifest;
  readonly #audit: LedgerAudit;
  readonly #trust = new TrustCheck();
  #blobs: ExportedEntry['blobs'] = new Map();

  constructor(manifest: Manifest) {
    const { ledger, note, timestamps } = manifest;
    this.#manifest = manifest;
    this.#audit = new LedgerAudit(
      { ledger, witnesses: [], quorum: 0 },
      {
        checkpoints: [note],
        attested: timestamps.map(({ checkpoint }) => checkpoint),
        blobs: (digest) => this.#blobs.get(digest),
        holdsContents: true,
      },
    );
  }

  take(entry: ExportedEntry): Refusal | undefined {
    const { stored } = entry;
    if (stored.stream === keysStream || concernsBlobs(entry)) {
      const wrong = this.#read(entry);
      if (wrong !== undefined) return wrong;
    }
    this.#blobs = entry.blobs;
    this.#audit.page([stored]);
    return undefined;
  }

  /** Refuses `export.tampered`. */
  finish(): Result<Verification> {
    const opened = this.#trust.open(this.#manifest);
    if (!opened.ok) return opened;
    const { verification, refusals } = this.#audit.finish();
    const [first] = refusals;
    if (first !== undefined) return refused('export.tampered', first.message);
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
    const wrong = whyStray(read.value, entry);
    return wrong === undefined ? undefined : at(entry, wrong);
  }
}

function at({ stored: { stream, seq } }: ExportedEntry, message: string): Refusal {
  return refusal('export.tampered', `entry ${seq} of ${stream}: ${message}`);
}
