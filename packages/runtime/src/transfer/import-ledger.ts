import { leafDigest, type Digest } from '@chancery/kernel/encoding';
import { ExportCheck, ExportReader, type ExportVerdict } from '@chancery/kernel/export';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import type { Certificate } from '@chancery/kernel/timestamp';
import { chunksOf, SeenFile, type ExportFile } from './export-file.ts';
import { PresentEntries } from './present-entries.ts';
import { WholeBatches, type PlacedBatch } from './whole-batches.ts';

export type WholeVerdict = Extract<ExportVerdict, { readonly scope: 'ledger' }>;

export interface ImportOutcome {
  readonly verdict: WholeVerdict;
  /** Entries of the export that were in the ledger before. */
  readonly present: number;
  /** Entries that were written. */
  readonly appended: number;
}

export interface ImportRequest {
  readonly file: ExportFile;
  /** Undefined where there is none yet. */
  readonly store?: LedgerStore | undefined;
  /** Id of the ledger that it has to be; without one that of the store, where it has entries. */
  readonly ledger?: Digest;
  /** Authorities whose word on times is believed; without any, timestamps are counted. */
  readonly trusted?: readonly Certificate[];
  /** Told now and then how many entries have been gone through. */
  readonly onProgress?: (phase: 'verified' | 'appended', entries: number) => void;
}

export interface ImportOptions extends ImportRequest {
  readonly store: LedgerStore;
}

/**
 * Verifies an export, whatever it is of.
 * @throws {RefusalError} as `ExportCheck` refuses, and what the file throws.
 */
export async function checkExport({
  file,
  ledger,
  trusted,
  onProgress,
}: Omit<ImportRequest, 'store'>): Promise<ExportVerdict> {
  const check = new ExportCheck(ledger, trusted);
  let entries = 0;
  for await (const chunk of chunksOf(file)) {
    const records = granted(check.push(chunk));
    entries += records.filter(({ type }) => type === 'entry').length;
    onProgress?.('verified', entries);
  }
  return granted(check.finish());
}

/** An export of a whole ledger that was verified, and compared with what a store has of it. */
export interface VerifiedExport {
  readonly verdict: WholeVerdict;
  /** Entries of the export that are in the ledger already. */
  readonly present: number;
  readonly seen: SeenFile;
}

/**
 * Verifies an export of a whole ledger and compares it with what the store has. Writes nothing, so
 * that the store may be one that is yet to be founded (undefined).
 * @throws {RefusalError} `export.partial`, `ledger.forked`, as `ExportCheck` refuses, and what file
 * and store throw.
 */
export async function verifyImport({
  file,
  store,
  ledger,
  trusted,
  onProgress,
}: ImportRequest): Promise<VerifiedExport> {
  const check = new ExportCheck(ledger ?? (await ledgerOf(store)), trusted);
  const present = new PresentEntries(store);
  const seen = new SeenFile(file);
  let entries = 0;
  for await (const chunk of seen.first()) {
    for (const record of granted(check.push(chunk))) {
      if (record.type === 'manifest' && record.manifest.streams !== null) throw partial();
      if (record.type !== 'entry') continue;
      await present.compare(record.entry.stored);
      entries += 1;
    }
    onProgress?.('verified', entries);
  }
  const verdict = granted(check.finish());
  if (verdict.scope !== 'ledger') throw partial();
  return { verdict, present: present.count, seen };
}

/**
 * Writes what a verified export has beyond the store that it was compared with. What was written
 * before a crash is found there by the next import. The caller sees to it that nobody else writes.
 * @throws {RefusalError} what file and store throw. `ledger.conflict` when somebody else wrote since
 * they were compared, and `export.invalid` when the file changed meanwhile: then what was written is
 * the beginning of the export.
 */
export async function appendImport(
  { verdict, present, seen }: VerifiedExport,
  store: LedgerStore,
  onProgress?: ImportRequest['onProgress'],
): Promise<ImportOutcome> {
  const size = verdict.manifest.checkpoint.size;
  if (present < size) {
    if ((await store.readAll(present, 1)).length > 0) throw conflict(present);
    await append(seen, { store, from: present, size, onProgress });
  }
  return { verdict, present, appended: size - present };
}

/** Both: verifies an export, and writes what it has beyond the store. @throws as they do. */
export async function importLedger(options: ImportOptions): Promise<ImportOutcome> {
  return appendImport(await verifyImport(options), options.store, options.onProgress);
}

async function ledgerOf(store: LedgerStore | undefined): Promise<Digest | undefined> {
  const [first] = (await store?.readAll(0, 1)) ?? [];
  return first === undefined ? undefined : leafDigest(first.text);
}

/** Batches and bytes that may be on their way to the store. */
const batchesAtOnce = 128;
const bytesAtOnce = 1 << 21;

interface Target {
  readonly store: LedgerStore;
  readonly from: number;
  readonly size: number;
  readonly onProgress: ImportRequest['onProgress'];
}

async function append(seen: SeenFile, { store, from, size, onProgress }: Target): Promise<void> {
  const reader = new ExportReader();
  const batches = new WholeBatches();
  let [group, groupBytes]: [PlacedBatch[], number] = [[], 0];
  let done = from;
  const flush = async (): Promise<void> => {
    await appendGroup(store, group);
    for (const { batch } of group) done += batch.entries.length;
    [group, groupBytes] = [[], 0];
    onProgress?.('appended', done);
  };
  for await (const chunk of seen.again()) {
    for (const record of granted(reader.push(chunk))) {
      if (record.type !== 'entry') continue;
      const placed = batches.take(record.entry);
      if (placed === undefined || placed.position < from) continue;
      group.push(placed);
      groupBytes += placed.sizeBytes;
      if (group.length >= batchesAtOnce || groupBytes >= bytesAtOnce) await flush();
    }
  }
  await flush();
  if (done === size) return;
  const message = `the file changed while it was imported, after ${done} entries`;
  throw new RefusalError(refusal('export.invalid', message));
}

/** In one turn, so that the store can write them together; in order. */
async function appendGroup(store: LedgerStore, group: readonly PlacedBatch[]): Promise<void> {
  const outcomes = await Promise.all(group.map(({ batch }) => store.append(batch)));
  for (const [index, outcome] of outcomes.entries()) {
    const position = group[index]?.position ?? 0;
    if (outcome.kind === 'appended' && outcome.position === position) continue;
    throw conflict(position);
  }
}

function conflict(position: number): RefusalError {
  const message = `somebody else wrote while the ledger was imported, at position ${position}`;
  return new RefusalError(refusal('ledger.conflict', message));
}

function partial(): RefusalError {
  return new RefusalError(refusal('export.partial', 'the export is one of some streams'));
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
