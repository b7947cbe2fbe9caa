import { bytesDigest, type Digest } from '../encoding/index.ts';
import { contentsOf, type Entry, type Head, type StoredEntry } from '../ledger/index.ts';
import { Verifier, type BlobReader, type Verification } from '../replay/index.ts';
import { type Result } from '../refusal/index.ts';
import {
  emptyFrontier,
  parseCheckpoint,
  parseNote,
  type Checkpoint,
  type Frontier,
} from '../tree/index.ts';
import { grown, matches, rootsOf, type Roots } from './head-check.ts';
import { openHead, type AuditTrust } from './trust.ts';
import { type HeadVerdict, type Verdict } from './verdict.ts';

export interface AuditOptions {
  /** Signed checkpoints that the ledger must go on from, as notes. */
  readonly checkpoints?: readonly string[];
  /** Gives the contents that stand outside their entries. */
  readonly blobs?: BlobReader;
}

/** A checkpoint that was given, as it reads before anybody has looked who signed it. */
interface Claim {
  readonly note: string;
  readonly read: Result<Checkpoint>;
}

/**
 * Audits a ledger in one pass over its entries in integration order, without its runtime: all that
 * `Verifier` does, and whether the tree of the entries, and the heads of their streams, are those
 * that the checkpoints were signed for. Trusts what `trust` says and nothing else.
 */
export class LedgerAudit {
  private readonly trust: AuditTrust;
  private readonly claims: readonly Claim[];
  private readonly blobs: BlobReader;
  private readonly verifier: Verifier;
  private readonly roots = new Map<number, Roots>();
  private readonly heads = new Map<string, Head>();
  private frontier: Frontier = emptyFrontier;
  private missing = 0;

  constructor(trust: AuditTrust, { checkpoints = [], blobs = () => undefined }: AuditOptions = {}) {
    this.trust = trust;
    this.blobs = blobs;
    this.claims = checkpoints.map((note) => ({ note, read: readClaim(note) }));
    this.verifier = new Verifier(trust.ledger, {
      blobs,
      onLeaf: (stored, digest, entry) => this.grow(stored, digest, entry),
    });
    this.keepRoots();
  }

  /** Takes the next entries, in integration order from position 0. */
  page(page: Iterable<StoredEntry>): void {
    this.verifier.page(page);
  }

  /**
   * Ends the pass. `told` are the heads of all streams, where the evidence tells them apart from the
   * entries; without them the checkpoints alone say that no stream was cut.
   */
  finish(told: ReadonlyMap<string, Head> = this.heads): Verdict {
    const verification = this.verifier.finish(told);
    const judged = this.claims.map((claim) => this.judge(claim, verification));
    const heads = judged.flatMap((result) => (result.ok ? [result.value] : []));
    const refusals = judged.flatMap((result) => (result.ok ? [] : [result.refusal]));
    return {
      ok: verification.ok && refusals.length === 0,
      verification,
      heads,
      refusals,
      missingContents: this.missing,
    };
  }

  private grow(stored: StoredEntry, digest: Digest, entry: Entry | undefined): void {
    const { stream, seq } = stored;
    this.frontier = grown(this.frontier, this.heads, { stream, seq, digest });
    this.keepRoots();
    if (entry === undefined) return;
    for (const content of contentsOf(entry)) {
      if ('blob' in content && !this.holds(content.blob.digest)) this.missing += 1;
    }
  }

  private holds(digest: Digest): boolean {
    const bytes = this.blobs(digest);
    return bytes !== undefined && bytesDigest(bytes) === digest;
  }

  /** The roots of this size, when a checkpoint speaks of it. */
  private keepRoots(): void {
    const { frontier, heads } = this;
    const isAsked = this.claims.some(({ read }) => read.ok && read.value.size === frontier.size);
    if (isAsked) this.roots.set(frontier.size, rootsOf({ frontier, heads }));
  }

  private judge({ note, read }: Claim, { entries }: Verification): Result<HeadVerdict> {
    if (!read.ok) return read;
    const opened = openHead(note, this.trust, this.verifier.trust);
    if (!opened.ok) return opened;
    const { checkpoint, signatures } = opened.value;
    const held = matches(checkpoint, this.roots.get(checkpoint.size), entries);
    if (!held.ok) return held;
    const { size, root } = checkpoint;
    const cosigned = signatures.flatMap(({ key, timeS }) =>
      timeS === undefined ? [] : [{ name: key.name, timeS }],
    );
    const log = signatures.flatMap(({ key, timeS }) => (timeS === undefined ? [key.key] : []));
    return { ok: true, value: { size, root, log, witnesses: cosigned } };
  }
}

function readClaim(note: string): Result<Checkpoint> {
  const parsed = parseNote(note);
  return parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
}
