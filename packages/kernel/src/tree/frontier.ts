import { isDigest, type Digest } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { emptyRoot, nodeDigest } from './hash.ts';

/** What a tree needs to grow: its size and the roots of its complete subtrees, the widest first. */
export interface Frontier {
  readonly size: number;
  readonly peaks: readonly Digest[];
}

/** Told of each node in the moment in which its subtree becomes complete; leaves are level 0. */
export type NodeSink = (level: number, index: number, digest: Digest) => void;

export const emptyFrontier: Frontier = { size: 0, peaks: [] };

const unheard: NodeSink = () => undefined;

/** The tree after further leaves. Two hashes for each leaf at most, whatever its size. */
export function grow(
  frontier: Frontier,
  leaves: readonly Digest[],
  tell: NodeSink = unheard,
): Frontier {
  const peaks = [...frontier.peaks];
  let { size } = frontier;
  for (const leaf of leaves) {
    let node = leaf;
    let [level, index] = [0, size];
    tell(level, index, node);
    while (index % 2 === 1) {
      node = nodeDigest(peaks.pop() ?? emptyRoot, node);
      [level, index] = [level + 1, (index - 1) / 2];
      tell(level, index, node);
    }
    peaks.push(node);
    size += 1;
  }
  return { size, peaks };
}

/** Root of the tree (RFC 6962, section 2.1). */
export function rootOf({ peaks }: Frontier): Digest {
  return peaks.length === 0
    ? emptyRoot
    : peaks.reduceRight((right, left) => nodeDigest(left, right));
}

/** Takes up a frontier that was kept. Refuses `tile.invalid` when it cannot be one. */
export function resumeFrontier(size: number, peaks: readonly Digest[]): Result<Frontier> {
  if (!Number.isSafeInteger(size) || size < 0) {
    return refused('tile.invalid', 'the size of a frontier is not a count of leaves');
  }
  if (peaks.length !== onesOf(size) || !peaks.every(isDigest)) {
    return refused('tile.invalid', `a frontier of ${size} leaves has ${onesOf(size)} peaks`);
  }
  return done({ size, peaks });
}

function onesOf(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
