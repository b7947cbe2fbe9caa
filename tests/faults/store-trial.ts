import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import type { Digest } from '@chancery/kernel/encoding';
import type { LedgerStore, SealedBatch, StoredEntry } from '@chancery/kernel/ledger';
import { Verifier } from '@chancery/kernel/replay';
import type { FaultyDisk } from './faulty-disk.ts';
import { contentsOf, type History } from './history.ts';
import type { Blow, Trial } from './job.ts';

/** How a scenario came out before the fault was over. */
export interface Played extends Pick<Trial, 'refused' | 'wrong'> {
  /** Batches that were acknowledged, from the first of the history. */
  readonly acknowledged: number;
}

/** A way to write a history into a ledger whose disk fails. */
export interface Scenario {
  /** What comes before any fault; how many batches it has appended. */
  readonly prepare: (path: string, history: History, disk: FaultyDisk) => Promise<number>;
  /** Goes on behind so many batches. Calls `onRefused` before it closes what it gives up. */
  readonly play: (path: string, rest: Rest, onRefused: () => void) => Promise<Played>;
}

export interface Rest {
  readonly history: History;
  /** Batches that are there already. */
  readonly present: number;
}

const pageSize = 10_000;

/**
 * Lets a fault befall a scenario; then, without faults, opens the ledger again, looks what is there,
 * goes on to the end of the history, cuts the power and looks once more.
 */
export async function tryStore(
  history: History,
  disk: FaultyDisk,
  { kind, at, ending }: Blow,
  scenario: Scenario,
): Promise<Trial> {
  disk.renew();
  const path = join(disk.folder, 'ledger.db');
  const present = await scenario.prepare(path, history, disk);
  disk.arm(kind, at);
  const played = await scenario.play(path, { history, present }, () => {
    if (ending === 'killed') disk.die();
  });
  const struck = disk.struck();
  disk.end(ending);
  const wrong = [...played.wrong];
  const store = openSqliteStore({ path, create: true });
  const found = await look(store, history);
  if (found.batches < played.acknowledged) {
    wrong.push(`${found.batches} of ${played.acknowledged} acknowledged batches are there`);
  }
  wrong.push(...found.wrong);
  const missing = history.batches.slice(found.batches);
  const outcomes = await Promise.all(missing.map((batch) => store.append(batch)));
  if (outcomes.some(({ kind: outcome }) => outcome !== 'appended')) {
    wrong.push('the ledger does not go on');
  }
  disk.die();
  await store.close();
  disk.cutPower('nothing');
  wrong.push(...(await lookAgain(path, history)));
  return { refused: played.refused, wrong, struck };
}

async function lookAgain(path: string, history: History): Promise<readonly string[]> {
  const store = openSqliteStore({ path });
  const { batches, wrong } = await look(store, history);
  await store.close();
  return batches === history.batches.length
    ? wrong
    : [`${batches} of ${history.batches.length} batches are there in the end`, ...wrong];
}

export interface Present {
  /** How many of the history's batches are there, from its beginning. */
  readonly batches: number;
  readonly wrong: readonly string[];
}

/** Compares a ledger with the batches of a history: as many as there are, whole, and no other. */
export async function look(store: LedgerStore, history: History): Promise<Present> {
  const stored = await store.readAll(0, pageSize);
  const wrong: string[] = [];
  let batches = 0;
  for (let read = 0; read < stored.length; batches += 1) {
    const texts = history.batches[batches]?.entries.map(({ text }) => text) ?? [];
    const there = stored.slice(read, read + texts.length).map(({ text }) => text);
    if (texts.length === 0 || !isDeepStrictEqual(texts, there)) {
      return { batches, wrong: [`batch ${batches} is not whole, or another`] };
    }
    read += texts.length;
  }
  const present = history.batches.slice(0, batches);
  const { kept, pruned } = contentsOf(present);
  for (const { digest, bytes } of kept) {
    if (!isDeepStrictEqual(await store.blob(digest), bytes)) {
      wrong.push(`blob ${digest} is not there`);
    }
  }
  for (const digest of pruned) {
    if ((await store.blob(digest)) !== undefined) wrong.push(`blob ${digest} is still there`);
  }
  return { batches, wrong: [...wrong, ...(await findingsIn(store, stored, history))] };
}

/** Verified prefixes of histories: what was clean once is so again, being the same bytes. */
const clean = new WeakMap<History, Set<number>>();

async function findingsIn(
  store: LedgerStore,
  stored: readonly StoredEntry[],
  history: History,
): Promise<readonly string[]> {
  const heads = new Map((await store.streams('')).map(({ stream, head }) => [stream, head]));
  if (!isDeepStrictEqual(heads, headsOf(history.batches, stored.length))) return ['other heads'];
  const verified = clean.get(history) ?? new Set<number>();
  clean.set(history, verified);
  if (stored.length === 0 || verified.has(stored.length)) return [];
  const blobs = new Map<Digest, Uint8Array>();
  for (const { digest, bytes } of history.batches.flatMap((batch) => batch.blobs)) {
    blobs.set(digest, bytes);
  }
  const verifier = new Verifier(history.ledger, { blobs: (digest) => blobs.get(digest) });
  verifier.page(stored);
  const { findings } = verifier.finish(heads);
  if (findings.length === 0) verified.add(stored.length);
  return findings.map(({ code, message }) => `${code}: ${message}`);
}

function headsOf(batches: readonly SealedBatch[], entries: number) {
  const all = batches.flatMap((batch) => batch.entries).slice(0, entries);
  return new Map(all.map(({ entry, digest }) => [entry.stream, { seq: entry.seq, digest }]));
}
