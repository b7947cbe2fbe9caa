import type { Digest } from '../encoding/index.ts';
import type { Head, StoredEntry } from '../ledger/index.ts';
import type { Result } from '../refusal/index.ts';
import type { Checkpoint } from '../tree/index.ts';
import type { Trust } from '../writ/index.ts';
import { readClaim } from './claim.ts';
import { matches } from './head-check.ts';
import { RootsAt } from './roots-at.ts';
import { openHead, type AuditTrust } from './trust.ts';
import type { HeadVerdict } from './verdict.ts';

/** A checkpoint that was given, as it reads before anybody has looked who signed it. */
interface Claim {
  readonly note: string;
  readonly read: Result<Checkpoint>;
  /** Whether an anchor keeps it, so that no witness is asked of it. */
  readonly isAnchored: boolean;
}

/**
 * Compares checkpoints that were signed earlier with a ledger whose entries pass by in integration
 * order: whether its tree, and the heads of its streams, are those that they were signed for.
 */
export class CheckpointAudit {
  private readonly claims: readonly Claim[];
  private readonly roots: RootsAt;

  /** `anchored` are those that anchors keep: as the log signed them, before any witness did. */
  constructor(checkpoints: readonly string[], anchored: readonly string[] = []) {
    this.claims = [...checkpoints, ...anchored].map((note, index) => ({
      note,
      read: readClaim(note),
      isAnchored: index >= checkpoints.length,
    }));
    this.roots = new RootsAt(this.claims.flatMap(({ read }) => (read.ok ? [read.value.size] : [])));
  }

  /** Of every stream, as the entries so far tell them. */
  get heads(): ReadonlyMap<string, Head> {
    return this.roots.heads;
  }

  /** Root of the tree of the entries so far. */
  get root(): Digest {
    return this.roots.root;
  }

  /** Takes the next entry, by the hash of its leaf. */
  take(stored: StoredEntry, digest: Digest): void {
    this.roots.take(stored, digest);
  }

  /**
   * What each checkpoint is worth, after all entries, in the order in which they were given. Refuses
   * `checkpoint.mismatch`, `checkpoint.invalid` and `verifier.invalid`; where nothing is known of the
   * keys of the ledger, nobody is believed.
   */
  judge(trust: AuditTrust, known: Trust | undefined): readonly Result<HeadVerdict>[] {
    return this.claims.map((claim) => this.judgeOne(claim, trust, known));
  }

  private judgeOne(
    { note, read, isAnchored }: Claim,
    trust: AuditTrust,
    known: Trust | undefined,
  ): Result<HeadVerdict> {
    if (!read.ok) return read;
    const opened = openHead(note, isAnchored ? { ...trust, quorum: 0 } : trust, known);
    if (!opened.ok) return opened;
    const { checkpoint, signatures } = opened.value;
    const held = matches(checkpoint, this.roots.of(checkpoint.size), this.roots.size);
    if (!held.ok) return held;
    const { size, root } = checkpoint;
    const witnesses = signatures.flatMap(({ key, timeS }) =>
      timeS === undefined ? [] : [{ name: key.name, timeS }],
    );
    const log = signatures.flatMap(({ key, timeS }) => (timeS === undefined ? [key.key] : []));
    return { ok: true, value: { size, root, log, witnesses } };
  }
}
