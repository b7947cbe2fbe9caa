import { leafDigest, type Digest } from '@chancery/kernel/encoding';
import { type StoredEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import {
  proveConsistency,
  proveHead,
  proveInclusion,
  type ConsistencyProof,
  type HeadProof,
  type InclusionProof,
} from '@chancery/kernel/tree';
import { type LogOptions } from './log.ts';
import { nodesToProve } from './nodes.ts';
import { type SignedCheckpoint } from './signed-checkpoint.ts';
import { headsAt } from './stream-heads.ts';

export interface EntryProof {
  readonly entry: StoredEntry;
  /** Hash of the leaf, which is the digest of the entry. */
  readonly leaf: Digest;
  readonly inclusion: InclusionProof;
}

/**
 * Proves that the entry at a position stands in the tree of a checkpoint.
 * @throws {RefusalError} `proof.unavailable` for a position that the checkpoint does not reach.
 */
export async function proveEntry(
  { store, tiles }: LogOptions,
  { checkpoint: { size } }: SignedCheckpoint,
  position: number,
): Promise<EntryProof> {
  const [entry] = position < size ? await store.readAll(position, 1) : [];
  if (entry?.position !== position) {
    throw unavailable(`there is no entry at position ${position} in the checkpoint of ${size}`);
  }
  const nodes = await nodesToProve(tiles, [position], size);
  const inclusion = granted(proveInclusion(nodes, position, size));
  return { entry, leaf: leafDigest(entry.text), inclusion };
}

/**
 * Proves that the tree of `to` entries has grown out of that of `from` entries; both are within the
 * checkpoint, whose own size `to` is where nothing else is asked for.
 * @throws {RefusalError} `proof.unavailable` for sizes that are 0, out of order, or beyond it.
 */
export async function proveGrowth(
  { tiles }: LogOptions,
  { checkpoint: { size } }: SignedCheckpoint,
  from: number,
  to = size,
): Promise<ConsistencyProof> {
  if (to > size) throw unavailable(`the checkpoint has ${size} entries, and not ${to}`);
  if (from < 1 || from > to) {
    throw unavailable(`a tree of ${to} entries has not grown from one of ${from}`);
  }
  const nodes = await nodesToProve(tiles, [from - 1, to - 1], size);
  return granted(proveConsistency(nodes, from, to));
}

/** Proves what the last entry of a stream is in a checkpoint, or that it has no such stream. */
export async function proveStream(
  log: LogOptions,
  signed: SignedCheckpoint,
  stream: string,
): Promise<HeadProof> {
  return proveHead(await headsAt(log.store, signed.checkpoint.size), stream);
}

/** Proves the same of several streams, in the order asked for. */
export async function proveStreams(
  log: LogOptions,
  signed: SignedCheckpoint,
  streams: readonly string[],
): Promise<readonly HeadProof[]> {
  const heads = await headsAt(log.store, signed.checkpoint.size);
  return streams.map((stream) => proveHead(heads, stream));
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

function unavailable(why: string): RefusalError {
  return new RefusalError(refusal('proof.unavailable', why));
}
