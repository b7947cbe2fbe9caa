import { type Digest } from '../encoding/index.ts';
import { type Entry } from '../ledger/index.ts';
import { type Exposure } from './exposure.ts';
import { WorldLog, type Moment } from './world-log.ts';

/** How a run was at each of its entries, as far as another can go on from it. */
export class RunPast {
  private readonly worlds = new WorldLog();
  /** Labels in the order in which they came, with the entry after which they are there. */
  private readonly seen: { readonly label: string; readonly seq: number }[] = [];
  /** Entries that are commits, and those of executions in doubt, ascending. */
  private readonly effects: number[] = [];
  /** Its last entry. */
  last = -1;

  /** Takes an entry of the run that was folded; `exposure` has taken it. */
  take(entry: Entry, digest: Digest, { labels }: Pick<Exposure, 'labels'>): void {
    this.worlds.take(entry, digest);
    for (const label of labels.slice(this.seen.length)) this.seen.push({ label, seq: entry.seq });
    const { kind, seq } = entry;
    if (kind === 'commit' || kind === 'execution.in-doubt') this.effects.push(seq);
    this.last = entry.seq;
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
  labelsAt(seq: number): readonly string[] {
    return this.seen.filter((each) => each.seq <= seq).map(({ label }) => label);
  }
}
