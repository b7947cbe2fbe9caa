import type { Digest } from '@chancery/kernel/encoding';
import { emptyFrontier, grow, rootOf } from '@chancery/kernel/tree';
import { leavesOf } from '@chancery/testkit/builders';

export function rootAt(size: number): Digest {
  return rootOf(grow(emptyFrontier, leavesOf(size)));
}

/** The digest with its first digit changed. */
export function altered(digest: Digest): Digest {
  return `${digest.startsWith('0') ? '1' : '0'}${digest.slice(1)}`;
}
