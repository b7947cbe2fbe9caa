import type { Digest } from '@chancery/kernel/encoding';
import {
  contentsOf,
  readEntry,
  type Entry,
  type LedgerStore,
  type StoredEntry,
} from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

/** Which runs' contents are to go; a run that has not ended keeps its own. */
export interface PruneChoice {
  /** Ids of runs; all where none are named. */
  readonly runs?: readonly string[];
  /** Only runs that ended before, milliseconds since the epoch. */
  readonly endedBeforeMs?: number;
}

export interface PlannedBlob {
  readonly digest: Digest;
  readonly bytes: number;
  /** Ids of the runs whose entries name it. */
  readonly runs: readonly string[];
}

/** What pruning would remove. */
export interface PrunePlan {
  readonly blobs: readonly PlannedBlob[];
  readonly bytes: number;
  /** Blobs of the chosen runs that stay, since runs that were not chosen name them as well. */
  readonly shared: number;
}

interface Named {
  readonly bytes: number;
  readonly runs: Set<string>;
}

const pageSize = 1_000;
const runPrefix = 'run:';

/**
 * Finds what a choice would prune, in one pass over the ledger. What was pruned before, and not
 * written again since, is passed over.
 * @throws {RefusalError} `ledger.corrupt` for an entry that cannot be read.
 */
export async function planPrune(
  store: LedgerStore,
  choice: PruneChoice,
  onProgress: (entries: number) => void = () => undefined,
): Promise<PrunePlan> {
  const scan = new Scan();
  for (let position = 0; ;) {
    const page = await store.readAll(position, pageSize);
    for (const stored of page) scan.take(stored);
    position += page.length;
    onProgress(position);
    if (page.length < pageSize) return scan.plan(choice);
  }
}

/** Parts of a text that only entries have which tell something of blobs; an inexpensive sieve. */
const marks = ['"blob":{', '"kind":"blob.pruned"', '"kind":"run.finished"'];

class Scan {
  private readonly named = new Map<Digest, Named>();
  private readonly endedAtMs = new Map<string, number>();

  take(stored: StoredEntry): void {
    if (!marks.some((mark) => stored.text.includes(mark))) return;
    const read = readEntry(stored);
    if (!read.ok) {
      const why = `entry ${stored.seq} of ${stored.stream}: ${read.refusal.message}`;
      throw new RefusalError(refusal('ledger.corrupt', why));
    }
    const { entry } = read.value;
    if (entry.kind === 'blob.pruned') for (const blob of entry.body.blobs) this.named.delete(blob);
    if (entry.kind === 'run.finished') this.endedAtMs.set(idOf(entry), entry.at);
    for (const content of contentsOf(entry)) {
      if ('inline' in content) continue;
      const { digest, bytes } = content.blob;
      const known = this.named.get(digest) ?? { bytes, runs: new Set() };
      known.runs.add(idOf(entry));
      this.named.set(digest, known);
    }
  }

  plan({ runs, endedBeforeMs = Number.MAX_SAFE_INTEGER }: PruneChoice): PrunePlan {
    const isChosen = (run: string): boolean =>
      (runs?.includes(run) ?? true) && (this.endedAtMs.get(run) ?? endedBeforeMs) < endedBeforeMs;
    const blobs: PlannedBlob[] = [];
    let shared = 0;
    for (const [digest, { bytes, runs: naming }] of this.named) {
      const chosen = [...naming].filter(isChosen).length;
      if (chosen === naming.size) blobs.push({ digest, bytes, runs: [...naming] });
      else if (chosen > 0) shared += 1;
    }
    return { blobs, bytes: blobs.reduce((sum, { bytes }) => sum + bytes, 0), shared };
  }
}

/** The id of a run; the name of a stream of another kind, which is never chosen. */
function idOf({ stream }: Pick<Entry, 'stream'>): string {
  return stream.startsWith(runPrefix) ? stream.slice(runPrefix.length) : stream;
}
