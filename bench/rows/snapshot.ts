import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { sealBatch, type Draft, type Head, type LedgerStore } from '@chancery/kernel/ledger';
import { runStateDigest } from '@chancery/kernel/replay';
import { workspaceKey } from '@chancery/kernel/world';
import { Journal } from '@chancery/runtime/journal';
import { foldRunState, snapshotRun, type LedgerSource } from '@chancery/runtime/snapshots';
import { appendAll, ledgerFixture, people, writeMoments } from '@chancery/testkit/builders';
import { percentiles, type BenchRow } from '../row.ts';

/** Entries of a run before its snapshot. */
const histories = { small: 1_000, large: 100_000 };
/** Entries after it. */
const tail = 200;
const rounds = { warmUp: 4, measured: 60 };
/** Replays of which the fastest is a sample. */
const repeats = 5;
const run = 'run:r1';

/** Replay of the same tail of entries after a snapshot, with a short and with a long history before it. */
export async function snapshotRows(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-snapshot-'));
  const stores: LedgerStore[] = [];
  try {
    const ledgers: Ledger[] = [];
    for (const [name, entries] of Object.entries(histories)) {
      const store = openSqliteStore({ path: join(folder, `${name}.db`), create: true });
      stores.push(store);
      ledgers.push(await writeLedger(store, entries));
    }
    return [await measured(ledgers)];
  } finally {
    for (const store of stores) await store.close();
    rmSync(folder, { recursive: true });
  }
}

interface Ledger {
  readonly source: LedgerSource;
  /** Digest of the run's state after its last entry, from the fold of all entries. */
  readonly state: string;
}

async function measured([short, long]: readonly Ledger[]): Promise<BenchRow> {
  if (short === undefined || long === undefined) throw new Error('there are two histories');
  const shortMs: number[] = [];
  const longMs: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const by = [short, long];
    // By turns, so that neither has always the other before it.
    if (round % 2 === 0) by.reverse();
    for (const ledger of by) {
      const tookMs = await fastestMs(ledger);
      if (round >= 0) (ledger === short ? shortMs : longMs).push(tookMs);
    }
  }
  const times = percentiles(longMs);
  const reference = percentiles(shortMs).p50;
  const ratio = reference / times.p50;
  return {
    name: 'replay-from-snapshot',
    unit: 'ms',
    ...times,
    perSecond: 1e3 / times.p50,
    reference: { name: 'after a short history', perSecond: 1e3 / reference },
    ratio,
    bar: 0.9,
    met: ratio >= 0.9,
  };
}

/** The fastest of a few: what the machine does beside it is no part of a replay. */
async function fastestMs(ledger: Ledger): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let time = 0; time < repeats; time += 1) {
    fastest = Math.min(fastest, await replayMs(ledger));
  }
  return fastest;
}

async function replayMs({ source, state }: Ledger): Promise<number> {
  const at = performance.now();
  const folded = await foldRunState(source, run);
  const tookMs = performance.now() - at;
  if (folded.folded !== tail || runStateDigest(folded.state) !== state) {
    throw new Error('the replay from the snapshot is another');
  }
  return tookMs;
}

/** A ledger with a run of so many entries, a snapshot, and the tail. */
async function writeLedger(store: LedgerStore, entries: number): Promise<Ledger> {
  const fixture = ledgerFixture();
  writeMoments(fixture, ['acts'], { ends: false });
  const { ledger, recorder } = fixture;
  await appendAll(store, recorder.entries);
  const action = recorder.entries.slice(-4).map(({ entry }) => entry as Draft);
  const source = { store, ledger };
  let actions = 1;
  const goOn = async (until: number): Promise<void> => {
    for (let head = await headOf(store); head.seq + 1 < until; head = await headOf(store)) {
      const count = Math.min(128, Math.ceil((until - head.seq - 1) / action.length));
      const drafts = Array.from({ length: count }, (_, index) => again(action, actions + index));
      await append(source, head, drafts.flat());
      actions += count;
    }
  };
  await goOn(entries);
  const journal = new Journal({
    store,
    ledger,
    by: people.agent.id,
    clock: { nowMs: () => 9_000 },
  });
  const { at } = await snapshotRun({ journal, ledger, signer: people.agent }, run);
  await goOn(at.seq + 1 + tail);
  const { state } = await foldRunState(source, run, { whole: true });
  return { source, state: runStateDigest(state) };
}

/** The entries of an action once more; what it changes goes on from the action before. */
function again(action: readonly Draft[], before: number): readonly Draft[] {
  return action.map(({ stream, kind, body }) => {
    if (kind !== 'commit') return { stream, kind, body } as Draft;
    const value = `tree ${before}`;
    const delta = [{ op: 'put', key: workspaceKey, value, expect: before + 1 } as const];
    return { stream, kind, body: { ...body, delta } };
  });
}

async function append(
  { store, ledger }: LedgerSource,
  head: Head,
  drafts: readonly Draft[],
): Promise<void> {
  const heads = new Map([[run, head]]);
  const request = { ledger, by: people.agent.id, nowMs: 9_000, heads, drafts };
  const sealed = sealBatch({ ...request, batchId: `${run}@${head.seq + 1}` });
  if (!sealed.ok) throw new Error(sealed.refusal.message);
  const writes = [{ stream: run, head }];
  await store.append({ entries: sealed.value.entries, writes, reads: [], blobs: [] });
}

async function headOf(store: LedgerStore): Promise<Head> {
  const head = await store.head(run);
  if (head === null) throw new Error('the run has no entry');
  return head;
}
