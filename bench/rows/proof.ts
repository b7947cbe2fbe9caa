import { leafDigest, type Digest } from '@chancery/kernel/encoding';
import {
  emptyFrontier,
  encodeTile,
  grow,
  proveInclusion,
  rootOf,
  tileNodes,
  tileWidth,
  verifyInclusion,
  type Frontier,
  type InclusionProof,
  type TileReader,
} from '@chancery/kernel/tree';
import { valueOf } from '../policy-text.ts';
import { meanUs, percentiles, type BenchRow } from '../row.ts';

const size = 10_000_000;
/** A step that shares no factor with the size, so that the places lie all over the tree. */
const stride = 7_654_321;
const rounds = { warmUp: 200, measured: 1_000 };
/** A verification is too short to be timed alone. */
const batch = 20;
const mostMs = { proof: 1, verification: 0.2 };

/** Proofs over the tiles of a large tree, each by a reader that has read nothing yet. */
export async function proofRows(): Promise<BenchRow[]> {
  const { read, leaves, root } = repeating();
  const made: number[] = [];
  const verified: number[] = [];
  for (let round = -rounds.warmUp; round < rounds.measured; round += 1) {
    const index = ((round + rounds.warmUp) * stride) % size;
    const at = performance.now();
    const proof = valueOf(proveInclusion(tileNodes(size, read), index, size));
    const tookMs = performance.now() - at;
    const leaf = leaves[index % tileWidth] ?? '';
    const verifyUs = meanUs(batch, () => mustHold(proof, leaf, root));
    if (round < 0) continue;
    made.push(tookMs);
    verified.push(verifyUs);
  }
  return [
    rowOf('inclusion-proof', made, { unit: 'ms', most: mostMs.proof, perSecond: 1_000 }),
    rowOf('proof-verification', verified, {
      unit: 'µs',
      most: mostMs.verification * 1_000,
      perSecond: 1e6,
    }),
  ];
}

function mustHold(proof: InclusionProof, leaf: Digest, root: Digest): void {
  const refusal = verifyInclusion(proof, leaf, root);
  if (refusal !== undefined) throw new Error(refusal.message);
}

interface Measure {
  readonly unit: BenchRow['unit'];
  readonly most: number;
  /** Units in a second. */
  readonly perSecond: number;
}

function rowOf(
  name: string,
  samples: readonly number[],
  { unit, most, perSecond }: Measure,
): BenchRow {
  const times = percentiles(samples);
  const ratio = most / times.p50;
  return {
    name,
    unit,
    ...times,
    perSecond: perSecond / times.p50,
    reference: { name: `${most} ${unit}`, perSecond: perSecond / most },
    ratio,
    bar: 1,
    met: ratio >= 1,
  };
}

/**
 * A tree whose leaves repeat every 256, so that all full tiles of a level are alike and none need
 * be kept. Making and verifying a proof takes the same work as over leaves that all differ.
 */
function repeating(): {
  readonly read: TileReader;
  readonly leaves: readonly Digest[];
  readonly root: Digest;
} {
  const leaves = Array.from({ length: tileWidth }, (_, index) => leafDigest(`entry ${index}`));
  const levels = [leaves];
  for (let width = tileWidth; width <= size; width *= tileWidth) {
    const below = rootOf(grow(emptyFrontier, levels.at(-1) ?? []));
    levels.push(Array.from({ length: tileWidth }, () => below));
  }
  const bytes = levels.map(encodeTile);
  return {
    read: ({ level, width }) => bytes[level]?.slice(0, width * 32),
    leaves,
    root: rootOf(frontierOf(levels)),
  };
}

/** The peaks of the tree, out of the hashes of the tile levels. */
function frontierOf(levels: readonly (readonly Digest[])[]): Frontier {
  const peaks = levels.flatMap((hashes, level) => {
    const width = Math.floor(size / tileWidth ** level) % tileWidth;
    return [grow(emptyFrontier, hashes.slice(0, width)).peaks];
  });
  return { size, peaks: peaks.toReversed().flat() };
}
