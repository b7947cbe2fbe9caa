import type { Digest } from '../encoding/index.ts';
import type { Body, Entry, Kind } from '../ledger/index.ts';
import { Departures } from './departures.ts';
import type { Exposure } from './exposure.ts';
import { WorldLog, type Moment } from './world-log.ts';

/** Kinds upon which a run may have seen more, or less. */
const labelling: ReadonlySet<Kind> = new Set<Kind>([
  'run.branched',
  'execution.started',
  'execution.failed',
  'commit',
]);

/** What a run may have seen, and how much left the machine after text of strangers. */
type Seen = Pick<Exposure, 'labels' | 'egressAfterUntrusted'>;

/** What a run goes on from, or undoes. */
interface Origin {
  readonly source: string;
  readonly seq: number;
  readonly undoes: boolean;
}

const nothing: Seen = { labels: [], egressAfterUntrusted: 0 };

/** How a run was at each of its entries, as far as another can go on from it. */
export class RunPast {
  private readonly worlds = new WorldLog();
  /** What it may have seen, from each entry on that changed that. */
  private readonly seen: (Seen & { readonly seq: number })[] = [];
  /** Entries that are commits, and those of executions in doubt, ascending. */
  private readonly effects: number[] = [];
  private readonly departures = new Departures();
  /** Entries that other runs have undone. */
  private readonly undone = new Set<number>();
  private undoes = false;
  /** Digests of the policies that are of this run alone. */
  policies: readonly Digest[] = [];
  /** And where it undoes another run those of that one, whose work whoever goes on from it goes on with. */
  olderPolicies: readonly Digest[] = [];
  /** Its last entry. */
  last = -1;
  /** The moment of another run that it goes on from. */
  from: Origin | undefined;
  /** Undefined while it has not ended. */
  outcome: Body<'run.finished'>['outcome'] | undefined;

  /** Takes an entry of the run that was folded; `exposure` has taken it. */
  take(entry: Entry, digest: Digest, exposure: Seen): void {
    const { kind, seq } = entry;
    this.worlds.take(entry, digest);
    if (labelling.has(kind)) this.see(exposure, seq);
    if (kind === 'commit' || kind === 'execution.in-doubt') this.effects.push(seq);
    this.departures.take(entry);
    this.takeOwn(entry);
    this.last = seq;
  }

  /** Takes that this run undoes another. */
  takeUndone({ policies, olderPolicies }: Pick<RunPast, 'policies' | 'olderPolicies'>): void {
    this.olderPolicies = [...policies, ...olderPolicies];
  }

  private takeOwn({ kind, body }: Entry): void {
    if (kind === 'run.started') {
      this.policies = policiesIn(body);
      this.undoes = body.rollback !== undefined;
    }
    if (kind === 'run.branched') {
      this.from = { source: body.source, seq: body.seq, undoes: this.undoes };
    }
    if (kind === 'run.finished') this.outcome = body.outcome;
  }

  /** Takes that another run has undone these entries. */
  undo(seqs: readonly number[]): void {
    for (const seq of seqs) this.undone.add(seq);
  }

  /** Entries whose effects have left the machine, or may have, and which nobody has undone. */
  get left(): readonly number[] {
    return [...this.departures.entries.keys()].filter((seq) => !this.undone.has(seq));
  }

  /** Whether an effect beyond the files was undone already: these go back however often. */
  wasUndone(seq: number): boolean {
    return this.departures.entries.get(seq) === 'outside' && this.undone.has(seq);
  }

  /** The world after an entry; undefined where the run has no such entry. */
  momentAt(seq: number): Moment | undefined {
    return seq > this.last ? undefined : this.worlds.at(seq);
  }

  /** Whether something was done there, or may have been. */
  hasEffect(seq: number): boolean {
    return this.effects.includes(seq);
  }

  /** What the run may have seen until then. */
  seenAt(seq: number): Seen {
    const { labels, egressAfterUntrusted } =
      this.seen.findLast((each) => each.seq <= seq) ?? nothing;
    return { labels, egressAfterUntrusted };
  }

  private see({ labels, egressAfterUntrusted }: Seen, seq: number): void {
    const before = this.seen.at(-1) ?? nothing;
    const isLabelled =
      labels.length !== before.labels.length ||
      labels.some((each, at) => each !== before.labels[at]);
    if (!isLabelled && egressAfterUntrusted === before.egressAfterUntrusted) return;
    // Labels seldom change: a run that sends much keeps them once.
    this.seen.push({ labels: isLabelled ? labels : before.labels, egressAfterUntrusted, seq });
  }
}

/** Digests of the policies that a run was started with. */
export function policiesIn(started: Pick<Body<'run.started'>, 'policies'> | undefined) {
  return (started?.policies ?? []).map(({ bundle }) => bundle);
}
