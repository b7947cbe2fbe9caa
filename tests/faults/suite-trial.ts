import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { openSqliteStore } from '@chancery/adapters/store-sqlite';
import { bytesDigest, type Digest } from '@chancery/kernel/encoding';
import {
  prunedBlobs,
  type Head,
  type LedgerStore,
  type SealedBatch,
  type StoredEntry,
} from '@chancery/kernel/ledger';
import { Fault, RefusalError } from '@chancery/kernel/refusal';
import { flawsOf, genesis, readHistory, turns } from '@chancery/testkit/store-suite';
import type { FaultyDisk } from './faulty-disk.ts';
import type { Blow, Trial } from './job.ts';
import { suiteCases, type SuiteCase } from './suite-cases.ts';
import { noting, nothingTold, ToldStore, type Told } from './told-store.ts';

const pageSize = 100_000;

/** The cases of the suite, and what is told and done meanwhile: one is run at a time. */
export class SuiteOnDisk {
  readonly cases: readonly SuiteCase[];
  readonly #disk: FaultyDisk;
  readonly #path: string;
  #told = nothingTold();
  #isKilled = false;
  /** Threads that stores have started. */
  readonly #threads: Promise<void>[] = [];

  constructor(disk: FaultyDisk) {
    this.#disk = disk;
    this.#path = join(disk.folder, 'ledger.db');
    this.cases = suiteCases({
      place: async () => ({ open: () => this.#open(), dispose: () => Promise.resolve() }),
      betweenCrowds: async () => {
        await Promise.all(this.#threads);
      },
    });
    process.on('worker', (thread) => this.#threads.push(readyOrGone(thread)));
    // Followers that a case has given up are refused as well, and nobody waits for them.
    process.on('unhandledRejection', onlyLoud);
  }

  /** Lets nothing befall a case, which must pass; gives the letters of the calls that it made. */
  async undisturbed(it: SuiteCase): Promise<string> {
    this.#begin();
    await it.run();
    return this.#disk.called();
  }

  /**
   * Lets a fault befall a case: it passes, or something was refused. Then, without faults, looks
   * whether all that was acknowledged is there and nothing in part, goes on, cuts the power and
   * looks once more.
   */
  async try(it: SuiteCase, { kind, at, ending }: Blow): Promise<Trial> {
    this.#begin();
    this.#isKilled = ending === 'killed';
    this.#disk.arm(kind, at);
    const wrong: string[] = [];
    try {
      await it.run();
    } catch (error) {
      onlyLoud(error);
      if (this.#told.refused.length === 0) wrong.push(`in silence: ${String(error)}`);
    }
    const struck = this.#disk.struck();
    this.#disk.end(ending);
    const told = this.#told;
    const refused = [...told.refused];
    // Whoever is told that half is done does the other half.
    if (kind.startsWith('short-') && refused.length > 0) wrong.push(`refused ${refused.join()}`);
    wrong.push(...(await this.#look(told)));
    return { struck, refused, wrong };
  }

  #begin(): void {
    this.#disk.renew();
    this.#told = nothingTold();
    this.#isKilled = false;
    this.#threads.length = 0;
  }

  async #open(): Promise<LedgerStore> {
    const told = this.#told;
    const store = await noting(told, () => openSqliteStore({ path: this.#path, create: true }));
    const seen = new ToldStore(store, told, async () => {
      if (told.refused.length === 0) return;
      // Whoever was refused may try again: what is acknowledged then is kept as well.
      await seen.append(turns('run:again', null, 1)).catch(onlyLoud);
      if (this.#isKilled) this.#disk.die();
    });
    return seen;
  }

  async #look(told: Told): Promise<readonly string[]> {
    const again = new ToldStore(openSqliteStore({ path: this.#path, create: true }), told);
    const wrong = [...(await flawsIn(again, told))];
    const founding = (await again.head('ledger')) === null ? [genesis] : [];
    const bytes = new Uint8Array(20_000).fill(9);
    const blob = { digest: bytesDigest(bytes), bytes, mediaType: 'text/plain' };
    for (const batch of [...founding, { ...turns('run:after', null, 2), blobs: [blob] }]) {
      const { kind } = await again.append(batch);
      if (kind !== 'appended') wrong.push('the ledger does not go on');
    }
    this.#disk.die();
    await again.close();
    this.#disk.cutPower('nothing');
    const last = openSqliteStore({ path: this.#path });
    wrong.push(...(await flawsIn(last, told)));
    await last.close();
    return wrong;
  }
}

/** Resolves when a thread of a store has said that it is ready, or has ended. */
async function readyOrGone(thread: Worker): Promise<void> {
  const heard = Promise.withResolvers<undefined>();
  thread.once('message', () => heard.resolve(undefined));
  thread.once('exit', () => heard.resolve(undefined));
  // The thread itself keeps no process alive that waits for it.
  const awake = setInterval(() => undefined, 1_000);
  await heard.promise;
  clearInterval(awake);
}

/** Throws all that does not say that something is not as it should be: by a refusal, or a comparison. */
function onlyLoud(error: unknown): void {
  if (error instanceof RefusalError || error instanceof Fault) return;
  if (!(error instanceof Error && error.name === 'AssertionError')) throw error;
}

/** Compares a ledger with what was sent to it: all that was acknowledged, whole, and no other. */
async function flawsIn(store: LedgerStore, told: Told): Promise<readonly string[]> {
  const stored = await store.readAll(0, pageSize);
  const batches = batchesOf(stored, told);
  if (batches === undefined) return ['a batch is not whole, or another'];
  const lost = [...told.acknowledged].filter(([at, batch]) => batches.get(at) !== batch);
  if (lost.length > 0) return [`${lost.length} acknowledged batches are not there`];
  const wrong = stored.length === 0 ? [] : flawsOf(await readHistory(store));
  const heads = new Map((await store.streams('')).map(({ stream, head }) => [stream, head]));
  const present = [...batches.values()];
  if (!isDeepStrictEqual(heads, headsAfter(present))) wrong.push('other heads');
  const blobs = blobsAfter(present);
  for (const { digest } of told.sent.flatMap((batch) => batch.blobs)) {
    const bytes = await store.blob(digest);
    if (!isDeepStrictEqual(bytes, blobs.get(digest))) wrong.push(`blob ${digest} is another`);
  }
  return wrong;
}

/** The batches that a ledger consists of, by their position; undefined where one is in part. */
function batchesOf(
  stored: readonly StoredEntry[],
  { sent, acknowledged }: Told,
): ReadonlyMap<number, SealedBatch> | undefined {
  const batches = new Map<number, SealedBatch>();
  for (let at = 0; at < stored.length;) {
    const first = stored[at]?.text;
    const batch =
      acknowledged.get(at) ?? sent.find(({ entries: [entry] }) => entry?.text === first);
    const texts = batch?.entries.map(({ text }) => text) ?? [];
    const there = stored.slice(at, at + texts.length).map(({ text }) => text);
    if (batch === undefined || !isDeepStrictEqual(there, texts)) return undefined;
    batches.set(at, batch);
    at += texts.length;
  }
  return batches;
}

function headsAfter(batches: readonly SealedBatch[]): ReadonlyMap<string, Head> {
  const entries = batches.flatMap((batch) => batch.entries);
  return new Map(entries.map(({ entry, digest }) => [entry.stream, { seq: entry.seq, digest }]));
}

function blobsAfter(batches: readonly SealedBatch[]): ReadonlyMap<Digest, Uint8Array> {
  const blobs = new Map<Digest, Uint8Array>();
  for (const batch of batches) {
    for (const { digest, bytes } of batch.blobs) blobs.set(digest, bytes);
    for (const digest of prunedBlobs(batch.entries)) blobs.delete(digest);
  }
  return blobs;
}
