import { leafDigest, type KeyId } from '@chancery/kernel/encoding';
import {
  ExportWriter,
  fitsExport,
  keysStream,
  timestampsInOrder,
  WorkspaceWalk,
  type ExportMark,
  type Manifest,
} from '@chancery/kernel/export';
import type { Blob, StoredEntry } from '@chancery/kernel/ledger';
import { Fault, refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import type { TimestampFile } from '@chancery/kernel/timestamp';
import {
  emptyFrontier,
  grow,
  ledgerVerifier,
  openCheckpoint,
  originOf,
  rootOf,
  verifierKeyText,
  verifyConsistency,
  type Frontier,
} from '@chancery/kernel/tree';
import {
  proveEntry,
  proveGrowth,
  proveStreams,
  type LogOptions,
  type SignedCheckpoint,
} from '../transparency/index.ts';
import { notHowItBegins } from './missing-bytes.ts';
import { NamedBlobs } from './named-blobs.ts';
import { objectLines, type ObjectSource } from './workspace-objects.ts';

/** Where an export of a whole ledger that was cut short is gone on with. */
export interface Resumption {
  readonly mark: ExportMark;
  /** The tree of the entries that are there. */
  readonly frontier: Frontier;
}

const pageSize = 500;

/** What is to be exported of a ledger. */
export interface ExportScope extends Pick<Manifest, 'ledger' | 'streams'> {
  /** Whether with the objects of the recorded workspaces; without by default. */
  readonly workspaces?: boolean;
  /** Of its checkpoint, and in an export of a whole ledger of earlier ones; none by default. */
  readonly timestamps?: readonly TimestampFile[];
}

/**
 * What an export of a ledger is of: its checkpoint, signed by those of `keys` that have signed it.
 * @throws {RefusalError} `checkpoint.invalid`, of a timestamp as well; `timestamp.mismatch` for one
 * that is of a checkpoint which the export cannot be compared with.
 */
export function manifestOf(
  { ledger, streams, workspaces = false, timestamps = [] }: ExportScope,
  note: string,
  keys: readonly KeyId[],
): Manifest {
  const log = keys.map((key) => ledgerVerifier(ledger, key));
  const trust = { origin: originOf(ledger), log, witnesses: [], quorum: 0 };
  const { checkpoint, signatures } = granted(openCheckpoint(note, trust));
  for (const timestamp of timestamps) {
    const { size } = granted(openCheckpoint(timestamp.checkpoint, trust)).checkpoint;
    const isCovered = streams === null ? size <= checkpoint.size : timestamp.checkpoint === note;
    if (!isCovered) throw uncovered(size);
  }
  const signed = new Map(signatures.map(({ key }) => [verifierKeyText(key), key]));
  const inOrder = [...signed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
  const named = streams === null ? null : [...new Set([...streams, keysStream])].sort();
  const scope = { ledger, streams: named, workspaces, timestamps: timestampsInOrder(timestamps) };
  return { ...scope, note, checkpoint, keys: inOrder };
}

function uncovered(size: number): RefusalError {
  const message = `a timestamp is of a checkpoint of ${size} entries, and not of one that the export covers`;
  return new RefusalError(refusal('timestamp.mismatch', message));
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

/**
 * The text of an export, piece by piece, each some lines. The same ledger and checkpoint give the same
 * bytes; `resumption`, for whole ledgers without workspaces only, leaves out what is there already. Its last line comes
 * only when the entries gave the root of the checkpoint.
 * @throws {RefusalError} `export.invalid` before anything else when the entries that are there are not
 * the first of this ledger; `ledger.corrupt`, and what the store and the tiles throw.
 */
export async function* exportLedger(
  log: LogOptions,
  manifest: Manifest,
  { resumption, objects }: ExportMeans = {},
): AsyncGenerator<string> {
  if (resumption !== undefined) await checkGrowth(log, manifest, resumption.frontier);
  const writer = new ExportWriter(resumption?.mark);
  const blobs = new NamedBlobs(log.store);
  const walk = manifest.workspaces ? new WorkspaceWalk() : undefined;
  const writing = { log, writer, blobs, manifest, walk };
  if (resumption === undefined) yield writer.manifest(manifest);
  if (manifest.streams === null) {
    yield* wholeLedger(writing, resumption?.frontier ?? emptyFrontier);
  } else {
    yield* someStreams(writing, manifest.streams);
  }
  blobs.checkAbsent();
  if (walk !== undefined) {
    if (objects === undefined) throw new Fault('workspaces are exported out of their objects');
    yield* objectLines(writer, walk, objects);
  }
  yield writer.end();
}

/** What an export goes on from, and where it has the objects of workspaces from. */
export interface ExportMeans {
  readonly resumption?: Resumption | undefined;
  readonly objects?: ObjectSource | undefined;
}

interface Writing {
  readonly walk: WorkspaceWalk | undefined;
  readonly log: LogOptions;
  readonly writer: ExportWriter;
  readonly blobs: NamedBlobs;
  readonly manifest: Manifest;
}

/** The entries that are there need not be read again: the tree tells what root they must have. */
async function checkGrowth(log: LogOptions, manifest: Manifest, begun: Frontier): Promise<void> {
  if (begun.size === 0) return;
  const proof = await proveGrowth(log, manifest, begun.size);
  const wrong = verifyConsistency(proof, rootOf(begun), manifest.checkpoint.root);
  if (wrong !== undefined) throw notHowItBegins(`its entries are not those of the ledger`);
}

async function* wholeLedger(
  { log: { store }, writer, blobs, manifest, walk }: Writing,
  from: Frontier,
): AsyncGenerator<string> {
  const { size, root } = manifest.checkpoint;
  let frontier = from;
  while (frontier.size < size) {
    const page = await store.readAll(frontier.size, Math.min(pageSize, size - frontier.size));
    if (page.length === 0) throw corrupt(`its checkpoint covers ${size} entries`);
    for (const entry of page) {
      walk?.take(entry);
      yield writer.entry(entry.text, await fitting(blobs, entry));
    }
    frontier = grow(
      frontier,
      page.map(({ text }) => leafDigest(text)),
    );
  }
  if (rootOf(frontier) !== root) throw corrupt('its entries are not those of its checkpoint');
}

async function* someStreams(
  { log, writer, blobs, walk, manifest: { checkpoint, note } }: Writing,
  streams: readonly string[],
): AsyncGenerator<string> {
  const signed: SignedCheckpoint = { checkpoint, note };
  for (const proof of await proveStreams(log, signed, streams)) {
    yield writer.stream(proof);
    for await (const entry of entriesUpTo(log, proof.stream, checkpoint.size)) {
      walk?.take(entry);
      const { inclusion } = await proveEntry(log, signed, entry.position);
      yield writer.entry(entry.text, await fitting(blobs, entry), inclusion);
    }
  }
}

async function* entriesUpTo(
  { store }: LogOptions,
  stream: string,
  size: number,
): AsyncGenerator<StoredEntry> {
  for (let seq = 0; ;) {
    const page = await store.read(stream, seq, pageSize);
    for (const entry of page) {
      if (entry.position >= size) return;
      yield entry;
    }
    if (page.length < pageSize) return;
    seq += page.length;
  }
}

async function fitting(named: NamedBlobs, entry: StoredEntry): Promise<readonly Blob[]> {
  const blobs = await named.of(entry);
  if (fitsExport(entry.text, blobs)) return blobs;
  const message = `entry ${entry.seq} of ${entry.stream} is too long for an export, with its blobs`;
  throw new RefusalError(refusal('entry.too-long', message));
}

function corrupt(message: string): RefusalError {
  return new RefusalError(refusal('ledger.corrupt', `the ledger cannot be exported: ${message}`));
}
