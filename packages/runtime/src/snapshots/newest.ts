import { leafDigest, type Digest } from '@chancery/kernel/encoding';
import { readEntry, type LedgerStore, type StoredEntry } from '@chancery/kernel/ledger';
import {
  openSnapshot,
  type RunFacts,
  type SnapshotEntry,
  type SnapshotGround,
} from '@chancery/kernel/replay';
import {
  refusal,
  refused,
  RefusalError,
  type Refusal,
  type Result,
} from '@chancery/kernel/refusal';
import { isTrustedFor } from '@chancery/kernel/writ';
import { Authority } from '../authority/index.ts';

/** A ledger that is read: its store, and the id that is pinned. */
export interface LedgerSource {
  readonly store: LedgerStore;
  readonly ledger: Digest;
}

/** A snapshot that is there and cannot be used. */
export interface RefusedSnapshot {
  /** Entry of the stream of snapshots. */
  readonly seq: number;
  readonly refusal: Refusal;
}

export interface NewestSnapshot {
  /** Undefined where no snapshot can be used. */
  readonly facts: RunFacts | undefined;
  /** Later ones that were looked at first. */
  readonly refused: readonly RefusedSnapshot[];
}

const pageSize = 64;

/** The stream that tells of the snapshots of a run. */
export function snapshotStream(run: string): string {
  return `snapshot:${run.slice('run:'.length)}`;
}

/**
 * The newest snapshot of the run's stream that covers nothing after `atSeq` and holds against the
 * ledger: bytes, signature by a key that is trusted for running, ledger, run, state, and the entry
 * itself. Whatever does not hold is told and passed over.
 */
export async function newestSnapshot(
  { store, ledger }: LedgerSource,
  run: string,
  atSeq = Number.MAX_SAFE_INTEGER,
): Promise<NewestSnapshot> {
  const stream = snapshotStream(run);
  const refused: RefusedSnapshot[] = [];
  const last = (await store.head(stream))?.seq ?? -1;
  if (last < 0) return { facts: undefined, refused };
  const trust = await new Authority(store, ledger).trust();
  for (let end = last + 1; end > 0; end -= pageSize) {
    const first = Math.max(0, end - pageSize);
    for (const stored of (await store.read(stream, first, end - first)).toReversed()) {
      const taken = takenIn(stored, run);
      if (taken.ok && taken.value.body.at.seq > atSeq) continue;
      const { position } = stored;
      const isTrusted = (key: string) => isTrustedFor(trust, key, 'run', position);
      const ground = { ledger, isTrusted };
      const opened = taken.ok ? await openTaken(store, taken.value, ground) : taken;
      if (opened.ok) return { facts: opened.value, refused };
      refused.push({ seq: stored.seq, refusal: opened.refusal });
    }
  }
  return { facts: undefined, refused };
}

/** Refuses `snapshot.invalid`. */
function takenIn(stored: StoredEntry, run: string): Result<SnapshotEntry> {
  const read = readEntry(stored);
  if (!read.ok) return refused('snapshot.invalid', read.refusal.message);
  const { entry } = read.value;
  if (entry.kind !== 'snapshot.taken' || entry.body.run !== run) {
    return refused('snapshot.invalid', `it tells of no snapshot of ${run}`);
  }
  return { ok: true, value: entry };
}

/** Refuses `snapshot.invalid`, and `ledger.newer` for a snapshot of a later version. */
async function openTaken(
  store: LedgerStore,
  taken: SnapshotEntry,
  ground: SnapshotGround,
): Promise<Result<RunFacts>> {
  const { run, at, snapshot } = taken.body;
  const [covered] = await store.read(run, at.seq, 1);
  if (covered === undefined || leafDigest(covered.text) !== at.digest) {
    return refused(
      'snapshot.invalid',
      `${run} has another entry ${at.seq} than it covers, or none`,
    );
  }
  const bytes = await blobOf(store, snapshot.blob.digest);
  if (!(bytes instanceof Uint8Array)) return { ok: false, refusal: bytes };
  return openSnapshot(bytes, taken, ground);
}

async function blobOf(store: LedgerStore, digest: Digest): Promise<Uint8Array | Refusal> {
  try {
    const bytes = await store.blob(digest);
    return bytes ?? refusal('snapshot.invalid', `its blob ${digest} is missing`);
  } catch (error) {
    if (!(error instanceof RefusalError) || error.refusal.code !== 'ledger.corrupt') throw error;
    return refusal('snapshot.invalid', `its blob ${digest} was altered`);
  }
}
