import { bytesDigest, type Digest } from '../encoding/index.ts';
import { contentsOf, type Entry, type StoredEntry } from '../ledger/index.ts';
import { Verifier } from '../replay/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import { AbsentContents, unexplainedFindings, type AbsentVerdict } from './absent-contents.ts';
import { CheckpointAudit } from './checkpoint-audit.ts';
import { readClaim } from './claim.ts';
import { PublishedAudit } from './published-audit.ts';
import type { AuditTrust } from './trust.ts';
import type { Verdict } from './verdict.ts';

export interface AuditOptions {
  /** Signed checkpoints that the ledger must go on from, as notes. */
  readonly checkpoints?: readonly string[];
  /** Those that anchors keep, of which no cosignature is asked. */
  readonly anchored?: readonly string[];
  /** Those of which an authority attests a time, and no cosignature is asked either. */
  readonly attested?: readonly string[];
  /** Gives the bytes of contents that stand outside their entries, those that are sealed as they are. */
  readonly blobs?: (digest: Digest) => Uint8Array | undefined;
  /** Whether it has to give all that were not pruned, as an export does and a folder of tiles does not. */
  readonly holdsContents?: boolean;
}

/**
 * Audits a ledger in one pass over its entries in integration order, without its runtime: all that
 * `Verifier` does, and whether the tree of the entries, and the heads of their streams, are those
 * that the checkpoints were signed for; what it records of published ones takes a second pass. Trusts what `trust` says and nothing else.
 */
export class LedgerAudit {
  private readonly trust: AuditTrust;
  private readonly checkpoints: CheckpointAudit;
  private readonly blobs: NonNullable<AuditOptions['blobs']>;
  private readonly verifier: Verifier;
  private readonly absent = new AbsentContents();
  private readonly holdsContents: boolean;
  /** How many of the checkpoints, the first ones, no anchor keeps. */
  private readonly given: number;
  /** How many of those that follow an anchor keeps. */
  private readonly anchored: number;
  /** Sizes of the checkpoints that the ledger says were published. */
  private readonly published = new Set<number>();

  constructor(trust: AuditTrust, options: AuditOptions = {}) {
    const {
      checkpoints = [],
      anchored = [],
      attested = [],
      blobs = () => undefined,
      holdsContents = false,
    } = options;
    this.trust = trust;
    this.blobs = blobs;
    this.holdsContents = holdsContents;
    this.checkpoints = new CheckpointAudit(checkpoints, [...anchored, ...attested]);
    this.given = checkpoints.length;
    this.anchored = anchored.length;
    this.verifier = new Verifier(trust.ledger, {
      // What is sealed for a subject stays unread: no evidence holds its key.
      blobs: (digest, key) => (key === undefined ? blobs(digest) : undefined),
      onLeaf: (stored, digest, entry) => this.grow(stored, digest, entry),
    });
  }

  /** Takes the next entries, in integration order from position 0. */
  page(page: Iterable<StoredEntry>): void {
    this.verifier.page(page);
  }

  /** Ends the pass. Without a checkpoint nothing says that no stream was cut at its end. */
  finish(): Verdict {
    const whole = this.verifier.finish(this.checkpoints.heads);
    const { explained, lost, ...contents } = this.absent.finish(this.verifier);
    const findings = unexplainedFindings(whole.findings, explained);
    const verification = { ...whole, findings };
    const judged = this.checkpoints.judge(this.trust, this.verifier.trust);
    const heads = judged
      .slice(0, this.given)
      .flatMap((result) => (result.ok ? [result.value] : []));
    const kept = judged.slice(this.given, this.given + this.anchored);
    const anchored = kept.filter(({ ok }) => ok).length;
    const refusals = [
      ...judged.flatMap((result) => (result.ok ? [] : [result.refusal])),
      ...(lost === undefined || !this.holdsContents ? [] : [lostContent(lost)]),
    ];
    return {
      ok: verification.ok && refusals.length === 0,
      verification,
      heads,
      anchored,
      refusals,
      missingContents: contents.missing,
      pruned: contents.pruned,
      erased: contents.erased,
    };
  }

  /**
   * A second pass, over the same entries, for what only it can tell; to be asked for after all of
   * them. Undefined where the ledger records nothing of which it would tell.
   */
  secondPass(): PublishedAudit | undefined {
    if (this.published.size === 0) return undefined;
    return new PublishedAudit({ sizes: this.published, root: this.checkpoints.root });
  }

  private grow(stored: StoredEntry, digest: Digest, entry: Entry | undefined): void {
    this.checkpoints.take(stored, digest);
    if (entry === undefined) return;
    if (entry.kind === 'anchor.published') this.takePublished(entry);
    for (const content of contentsOf(entry)) {
      if ('inline' in content) continue;
      this.absent.take(stored, content.blob, this.holds(content.blob.digest));
    }
  }

  private takePublished({ body }: Entry<'anchor.published'>): void {
    const claim = readClaim(body.note);
    if (claim.ok) this.published.add(claim.value.size);
  }

  private holds(digest: Digest): boolean {
    const bytes = this.blobs(digest);
    return bytes !== undefined && bytesDigest(bytes) === digest;
  }
}

/** Why what was given is not all. */
function lostContent({ digest, place }: NonNullable<AbsentVerdict['lost']>): Refusal {
  const where = `entry ${place.seq} of ${place.stream}`;
  return refusal(
    'export.tampered',
    `${where}: the blob ${digest} is missing, and nobody has pruned it`,
  );
}
