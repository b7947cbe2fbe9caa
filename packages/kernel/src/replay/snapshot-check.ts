import type { Digest } from '../encoding/index.ts';
import type { Entry, Head } from '../ledger/index.ts';
import { isTrustedFor, type Trust } from '../writ/index.ts';
import type { BlobReader } from './blob-reader.ts';
import type { Findings, Place } from './finding.ts';
import { openSnapshot } from './snapshot.ts';

/** How a run stands where a snapshot of it is recorded, as its entries give it. */
export interface Standing {
  readonly head: Head | null;
  readonly state: Digest;
}

export interface SnapshotContext {
  readonly trust: Trust | undefined;
  /** Undefined for a run without entries; null for one whose entries could not be folded. */
  readonly standing: Standing | undefined | null;
}

/** Every snapshot is signed by a key that may run, and tells what the fold gives at its place. */
export class SnapshotCheck {
  private readonly ledger: Digest;
  private readonly findings: Findings;
  private readonly blobs: BlobReader;

  constructor(ledger: Digest, findings: Findings, blobs: BlobReader) {
    this.ledger = ledger;
    this.findings = findings;
    this.blobs = blobs;
  }

  take(place: Place, entry: Entry<'snapshot.taken'>, context: SnapshotContext): void {
    const { trust, standing } = context;
    const { body, by } = entry;
    const tell = (message: string): void => {
      this.findings.add('snapshot.misstated', place, message);
    };
    if (trust === undefined || standing === null) return;
    if (`snapshot:${body.run.slice('run:'.length)}` !== place.stream) {
      tell(`it stands on the stream of another run than ${body.run}`);
    }
    if (!isTrustedFor(trust, by, 'run')) tell(`${by} is not trusted for running`);
    const { head } = standing ?? {};
    if (head?.seq !== body.at.seq || head.digest !== body.at.digest) {
      tell(`entry ${body.at.seq} is not the head of ${body.run} here`);
    } else if (standing?.state !== body.state) tell(`the state is ${standing?.state ?? ''}`);
    const bytes = this.blobs(body.snapshot.blob.digest);
    if (bytes === undefined) return;
    const isTrusted = (key: string): boolean => isTrustedFor(trust, key, 'run');
    const opened = openSnapshot(bytes, entry, { ledger: this.ledger, isTrusted });
    if (!opened.ok) tell(opened.refusal.message);
  }
}
