import { type Digest } from '../encoding/index.ts';
import { type Head, type StoredEntry } from '../ledger/index.ts';
import { type Result } from '../refusal/index.ts';
import {
  emptyFrontier,
  emptyHeadsMap,
  grow,
  parseCheckpoint,
  parseNote,
  rootOf,
  withHeads,
  type Checkpoint,
  type Frontier,
  type HeadsMap,
} from '../tree/index.ts';
import { type Trust } from '../writ/index.ts';
import { matches, type Roots } from './head-check.ts';
import { openHead, type AuditTrust } from './trust.ts';
import { type HeadVerdict } from './verdict.ts';

/** A checkpoint that was given, as it reads before anybody has looked who signed it. */
interface Claim {
  readonly note: string;
  readonly read: Result<Checkpoint>;
}

/**
 * Compares checkpoints that were signed earlier with a ledger whose entries pass by in integration
 * order: whether its tree, and the heads of its streams, are those that they were signed for.
 */
export class CheckpointAudit {
  private readonly claims: readonly Claim[];
  private readonly sizes: ReadonlySet<number>;
  private readonly roots = new Map<number, Roots>();
  private frontier: Frontier = emptyFrontier;
  /** Of every stream, as the entries so far tell them. */
  readonly heads: ReadonlyMap<string, Head>;
  private readonly growing = new Map<string, Head>();
  /** The map of heads as the last roots had it, and the streams that have grown since. */
  private map: HeadsMap = emptyHeadsMap;
  private readonly grown = new Set<string>();

  constructor(checkpoints: readonly string[]) {
    this.claims = checkpoints.map((note) => ({ note, read: readClaim(note) }));
    const sizes = this.claims.flatMap(({ read }) => (read.ok ? [read.value.size] : []));
    this.sizes = new Set(sizes);
    this.heads = this.growing;
    this.keepRoots();
  }

  /** Takes the next entry, by the hash of its leaf. */
  take({ stream, seq }: StoredEntry, digest: Digest): void {
    this.frontier = grow(this.frontier, [digest]);
    this.growing.set(stream, { seq, digest });
    this.grown.add(stream);
    this.keepRoots();
  }

  /**
   * What each checkpoint is worth, after all entries, in the order in which they were given. Refuses
   * `checkpoint.mismatch`, `checkpoint.invalid` and `verifier.invalid`; where nothing is known of the
   * keys of the ledger, nobody is believed.
   */
  judge(trust: AuditTrust, known: Trust | undefined): readonly Result<HeadVerdict>[] {
    return this.claims.map((claim) => this.judgeOne(claim, trust, known));
  }

  /** The roots of this size, when a checkpoint speaks of it. */
  private keepRoots(): void {
    const { size } = this.frontier;
    if (!this.sizes.has(size)) return;
    const changed = [...this.grown].flatMap((stream) => {
      const head = this.growing.get(stream);
      return head === undefined ? [] : [{ stream, head }];
    });
    this.grown.clear();
    this.map = withHeads(this.map, changed);
    this.roots.set(size, { size, root: rootOf(this.frontier), heads: this.map.digest });
  }

  private judgeOne(
    { note, read }: Claim,
    trust: AuditTrust,
    known: Trust | undefined,
  ): Result<HeadVerdict> {
    if (!read.ok) return read;
    const opened = openHead(note, trust, known);
    if (!opened.ok) return opened;
    const { checkpoint, signatures } = opened.value;
    const held = matches(checkpoint, this.roots.get(checkpoint.size), this.frontier.size);
    if (!held.ok) return held;
    const { size, root } = checkpoint;
    const witnesses = signatures.flatMap(({ key, timeS }) =>
      timeS === undefined ? [] : [{ name: key.name, timeS }],
    );
    const log = signatures.flatMap(({ key, timeS }) => (timeS === undefined ? [key.key] : []));
    return { ok: true, value: { size, root, log, witnesses } };
  }
}

function readClaim(note: string): Result<Checkpoint> {
  const parsed = parseNote(note);
  return parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
}
