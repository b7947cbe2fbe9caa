import { leafDigest, type Digest } from '@chancery/kernel/encoding';
import type { StoredEntry } from '@chancery/kernel/ledger';
import { refusal, RefusalError, type Refusal, type Result } from '@chancery/kernel/refusal';
import {
  proveConsistency,
  proveHead,
  proveInclusion,
  rangeRoot,
  verifyConsistency,
  verifyHead,
  verifyInclusion,
  type ConsistencyProof,
  type HeadProof,
  type InclusionProof,
  type NodeSource,
} from '@chancery/kernel/tree';
import type { LogOptions } from './log.ts';
import { nodesToProve } from './nodes.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import { headsAt } from './stream-heads.ts';

export interface EntryProof {
  readonly entry: StoredEntry;
  /** Hash of the leaf, which is the digest of the entry. */
  readonly leaf: Digest;
  readonly inclusion: InclusionProof;
}

/*
 * Tiles and entries may have been changed where they are kept. What is proved from them is verified
 * against the signed checkpoint before it is given out, so that no proof leaves here that does not hold.
 */

/**
 * Proves that the entry at a position stands in the tree of a checkpoint.
 * @throws {RefusalError} `proof.unavailable` for a position that the checkpoint does not reach;
 * `tile.missing` and `tile.invalid`; `ledger.corrupt` when the ledger has another entry than the tree.
 */
export async function proveEntry(
  { store, tiles }: LogOptions,
  { checkpoint: { size, root } }: SignedCheckpoint,
  position: number,
): Promise<EntryProof> {
  const [entry] = position < size ? await store.readAll(position, 1) : [];
  if (entry?.position !== position) {
    throw unavailable(`there is no entry at position ${position} in the checkpoint of ${size}`);
  }
  const nodes = await nodesToProve(tiles, [position], size);
  const inclusion = granted(proveInclusion(nodes, position, size));
  const leaf = leafDigest(entry.text);
  if (verifyInclusion(inclusion, leaf, root) === undefined) return { entry, leaf, inclusion };
  // The tree tells which of the two was changed: with the leaf that it has, its own path holds.
  requireTiles(verifyInclusion(inclusion, granted(nodes(0, position)), root), size);
  throw corrupt(`the entry at position ${position} is not the one in the checkpoint of ${size}`);
}

/**
 * Proves that the tree of `to` entries has grown out of that of `from` entries; both are within the
 * checkpoint, whose own size `to` is where nothing else is asked for.
 * @throws {RefusalError} `proof.unavailable` for sizes that are 0, out of order, or beyond it;
 * `tile.missing` and `tile.invalid`.
 */
export async function proveGrowth(
  { tiles }: LogOptions,
  { checkpoint: { size, root } }: SignedCheckpoint,
  from: number,
  to = size,
): Promise<ConsistencyProof> {
  if (to > size) throw unavailable(`the checkpoint has ${size} entries, and not ${to}`);
  if (from < 1 || from > to) {
    throw unavailable(`a tree of ${to} entries has not grown from one of ${from}`);
  }
  const nodes = await nodesToProve(tiles, [from - 1, to - 1], size);
  const proof = granted(proveConsistency(nodes, from, to));
  const newRoot = to === size ? root : rootFrom(nodes, to);
  if (to < size) {
    // Only the root of the whole tree is signed: the smaller one has to lead to it as well.
    const onward = granted(proveConsistency(nodes, to, size));
    requireTiles(verifyConsistency(onward, newRoot, root), size);
  }
  const oldRoot = from === to ? newRoot : rootFrom(nodes, from);
  requireTiles(verifyConsistency(proof, oldRoot, newRoot), size);
  return proof;
}

/**
 * Proves what the last entry of a stream is in a checkpoint, or that it has no such stream.
 * @throws {RefusalError} `ledger.corrupt` when the streams of the ledger do not end as the checkpoint
 * says; `proof.unavailable` for a checkpoint that does not say it.
 */
export async function proveStream(
  log: LogOptions,
  signed: SignedCheckpoint,
  stream: string,
): Promise<HeadProof> {
  const heads = await headsAt(log.store, signed.checkpoint.size);
  return requireHeads(proveHead(heads, stream), signed);
}

/** Proves the same of several streams, in the order asked for. */
export async function proveStreams(
  log: LogOptions,
  signed: SignedCheckpoint,
  streams: readonly string[],
): Promise<readonly HeadProof[]> {
  const heads = await headsAt(log.store, signed.checkpoint.size);
  return streams.map((stream) => requireHeads(proveHead(heads, stream), signed));
}

function rootFrom(nodes: NodeSource, size: number): Digest {
  return granted(rangeRoot(nodes, { from: 0, to: size }));
}

function requireTiles(wrong: Refusal | undefined, size: number): void {
  if (wrong === undefined) return;
  const why = `the tiles do not lead to the root of the checkpoint of ${size} entries`;
  throw new RefusalError(refusal('tile.invalid', why));
}

function requireHeads(
  proof: HeadProof,
  { checkpoint: { size, heads } }: SignedCheckpoint,
): HeadProof {
  if (heads === undefined) throw unavailable(`the checkpoint of ${size} tells no stream heads`);
  if (verifyHead(proof, heads) === undefined) return proof;
  throw corrupt(`the streams do not end as the checkpoint of ${size} entries says`);
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

function unavailable(why: string): RefusalError {
  return new RefusalError(refusal('proof.unavailable', why));
}

function corrupt(why: string): RefusalError {
  return new RefusalError(refusal('ledger.corrupt', why));
}
