import { leafDigest, type Digest, type KeyId } from '../encoding/index.ts';
import {
  readEntry,
  type Entry,
  type Head,
  type ReadEntry,
  type SealedEntry,
  type StoredEntry,
} from '../ledger/index.ts';
import type { Removals } from '../removal/index.ts';
import type { BlobReader } from './blob-reader.ts';
import { checkAnchor } from './anchor-check.ts';
import { ApprovalCheck, type ApprovalContext } from './approval-check.ts';
import { AuthorityCheck } from './authority-check.ts';
import { ChainCheck } from './chain-check.ts';
import { CompromiseCheck } from './compromise-check.ts';
import { DecisionCheck } from './decision-check.ts';
import { driftOf, sharedDrift, type DecidedRun, type Present, type SharedDrift } from './drift.ts';
import { Findings, type Finding, type Place } from './finding.ts';
import { OrderCheck } from './order-check.ts';
import type { Trust } from '../writ/index.ts';
import { RunCheck, type RunSummary } from './run-check.ts';
import type { RunPast } from './run-past.ts';
import { SnapshotCheck, type Standing } from './snapshot-check.ts';
import { ToldCapabilities } from './told-capabilities.ts';

/** What verification of a whole ledger came to. */
export interface Verification {
  /** Whether nothing was tampered with; drift does not count. */
  readonly ok: boolean;
  readonly ledger: Digest;
  readonly entries: number;
  readonly streams: number;
  /** What is at fault first, then what follows from it. */
  readonly findings: readonly Finding[];
  readonly runs: readonly RunSummary[];
}

export interface VerifierOptions {
  /** Gives the contents that stand outside their entries: intents, actions, and what gates printed. */
  readonly blobs?: BlobReader;
  /** Told of each entry in the order of the pass; of one that cannot be read, with its digest alone. */
  readonly onLeaf?: (stored: StoredEntry, digest: Digest, entry: Entry | undefined) => void;
}

interface EndedRun {
  readonly under: DecidedRun;
  readonly actor: KeyId;
  readonly summary: RunSummary;
  readonly standing: Standing | null;
  readonly past: RunPast;
}

/**
 * Verifies a whole ledger in one pass over its entries in integration order: bytes, links, batches,
 * signatures, authority, approvals, policy digests, budgets, worlds. Trusts the pinned ledger id and
 * nothing else; the heads tell where the streams end.
 */
export class Verifier {
  private readonly ledger: Digest;
  private readonly findings = new Findings();
  private readonly chain: ChainCheck;
  private readonly order: OrderCheck;
  private readonly authority: AuthorityCheck;
  private readonly approvals: ApprovalCheck;
  private readonly snapshots: SnapshotCheck;
  private readonly compromises: CompromiseCheck;
  private readonly decisions = new DecisionCheck();
  private readonly capabilities = new ToldCapabilities();
  private readonly runs = new Map<string, RunCheck>();
  /** What became of runs that have ended; what was folded of them is let go. */
  private readonly ended = new Map<string, EndedRun>();
  private readonly blobs: BlobReader;
  private readonly onLeaf: NonNullable<VerifierOptions['onLeaf']>;
  private entries = 0;

  constructor(ledger: Digest, options: VerifierOptions = {}) {
    this.ledger = ledger;
    this.blobs = options.blobs ?? (() => undefined);
    this.onLeaf = options.onLeaf ?? (() => undefined);
    this.chain = new ChainCheck(ledger, this.findings);
    this.order = new OrderCheck(this.findings);
    this.authority = new AuthorityCheck(ledger, this.findings, this.blobs);
    this.approvals = new ApprovalCheck(ledger, this.findings);
    this.compromises = new CompromiseCheck(this.findings);
    this.snapshots = new SnapshotCheck(ledger, this.findings, this.blobs);
  }

  /** Roots and keys as the entries so far give them; undefined while there is no valid genesis. */
  get trust(): Trust | undefined {
    return this.authority.trust;
  }

  /** Takes the next entries, in integration order from position 0. */
  page(page: Iterable<StoredEntry>): void {
    for (const stored of page) this.take(stored);
  }

  /** What was pruned and erased by a signed word, as far as the pass has come. */
  get removals(): Removals {
    return this.authority.removals;
  }

  /** Whether a blob that an entry at this position names was pruned after it, by a signed word. */
  isPrunedAfter(blob: Digest, position: number): boolean {
    return this.authority.isPrunedAfter(blob, position);
  }

  /** Ends the pass. `heads` are those of all streams, as the store or the export tells them. */
  finish(heads: ReadonlyMap<string, Head>): Verification {
    this.chain.finish(heads);
    this.order.finish();
    this.authority.writs.finish();
    for (const run of this.runs.values()) run.finish();
    const findings = this.findings.sorted();
    return {
      ok: findings.every(({ severity }) => severity !== 'tampered'),
      ledger: this.ledger,
      entries: this.entries,
      streams: this.chain.streams,
      findings,
      runs: [
        ...[...this.ended.values()].map(({ summary }) => summary),
        ...[...this.runs.values()].map((run) => run.summary()),
      ],
    };
  }

  /**
   * How runs were decided otherwise than they would be today, under the policy that is active and the
   * keys that are trusted at the end of the pass. Nothing where the ledger has no valid genesis.
   * `only`: of this run alone.
   */
  drift(
    present: Omit<Present, 'policySetDigest' | 'trust'>,
    only?: string,
  ): readonly SharedDrift[] {
    const { trust, policySet } = this.authority;
    if (trust === undefined) return [];
    const contracts = new Map([...present.contracts, ...this.authority.declaredContracts]);
    const today = { ...present, contracts, trust, policySetDigest: policySet ?? '' };
    const runs = [
      ...[...this.ended].map(([stream, { under }]) => [stream, under] as const),
      ...[...this.runs].map(([stream, run]) => [stream, run.decidedUnder()] as const),
    ];
    const asked = runs.filter(([stream]) => only === undefined || stream === only);
    return sharedDrift(asked.map(([stream, run]) => [stream, driftOf(run, today)]));
  }

  private take(stored: StoredEntry): void {
    this.entries += 1;
    const { stream, seq, position } = stored;
    const place = { stream, seq, position };
    this.order.arrive(place);
    const read = readEntry(stored);
    if (!read.ok) {
      const digest = leafDigest(stored.text);
      this.findings.add('entry.unreadable', place, read.refusal.message);
      this.chain.skip(place, digest);
      this.onLeaf(stored, digest, undefined);
      this.order.skip();
      this.runs.get(stream)?.break();
      return;
    }
    this.onLeaf(stored, read.value.digest, read.value.entry);
    const goesOn = this.chain.take(place, read.value);
    this.order.take(place, read.value);
    if (goesOn) this.judge(place, read.value);
    else this.runs.get(stream)?.break();
  }

  private judge(place: Place, sealed: ReadEntry): void {
    this.compromises.take(place, sealed);
    if (place.stream.startsWith('run:')) this.judgeRun(place, sealed);
    else if (place.stream.startsWith('approval:')) {
      this.approvals.take(place, sealed, this.contextOf(sealed));
    } else if (sealed.entry.kind === 'snapshot.taken') {
      const standing = this.standingOf(sealed.entry.body.run);
      this.snapshots.take(place, sealed.entry, { trust: this.authority.trust, standing });
    } else if (sealed.entry.kind === 'anchor.published') {
      const { ledger, findings } = this;
      checkAnchor(place, sealed.entry, { ledger, trust: this.authority.trust, findings });
    } else this.judgeAuthority(place, sealed);
  }

  private judgeAuthority(place: Place, sealed: ReadEntry): void {
    const { entry } = sealed;
    const before = this.authority.trust;
    this.authority.take(place, sealed);
    if (entry.kind !== 'key.compromised' || this.authority.trust === before) return;
    this.compromises.compromised(entry);
  }

  private judgeRun(place: Place, sealed: ReadEntry): void {
    const { stream } = place;
    if (this.ended.has(stream)) {
      this.findings.add('run.misordered', place, 'the run has ended');
      return;
    }
    const run = this.runs.get(stream) ?? this.openRun(stream);
    run.take(place, sealed);
    const { started, finished } = run.state;
    if (started === undefined || finished === undefined) return;
    const { actor } = started;
    run.finish();
    const [under, summary, standing] = [run.decidedUnder(), run.summary(), run.standing()];
    this.ended.set(stream, { actor, under, summary, standing, past: run.past });
    this.runs.delete(stream);
  }

  private openRun(stream: string): RunCheck {
    const { ledger, authority, approvals, findings, blobs, decisions, capabilities } = this;
    const pastOf = (run: string): RunPast | undefined => this.pastOf(run);
    const shared = { ledger, authority, approvals, findings, blobs, decisions, capabilities };
    const made = new RunCheck(stream, { ...shared, pastOf });
    this.runs.set(stream, made);
    return made;
  }

  private pastOf(run: string): RunPast | undefined {
    return (this.runs.get(run) ?? this.ended.get(run))?.past;
  }

  private standingOf(run: string): Standing | null | undefined {
    const open = this.runs.get(run);
    return open === undefined ? this.ended.get(run)?.standing : open.standing();
  }

  private contextOf({ entry }: SealedEntry): ApprovalContext | undefined {
    const { trust } = this.authority;
    const run = this.approvals.runOf(entry) ?? '';
    const live = this.runs.get(run);
    const proposer = live?.state.started?.actor ?? this.ended.get(run)?.actor;
    const { channels } = this.authority;
    if (trust === undefined || proposer === undefined) return undefined;
    return { trust, channels, proposer, reasons: live?.heldFor() };
  }
}

/** Verifies a ledger that is given as pages; see `Verifier`. */
export function verifyLedger(
  ledger: Digest,
  pages: Iterable<Iterable<StoredEntry>>,
  heads: ReadonlyMap<string, Head>,
  options: VerifierOptions = {},
): Verification {
  const verifier = new Verifier(ledger, options);
  for (const page of pages) verifier.page(page);
  return verifier.finish(heads);
}
