import { leafDigest, type Digest } from '@chancery/kernel/encoding';
import { assert, done, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import { emptyFrontier, grow, type NodeSource } from '@chancery/kernel/tree';

/** The value of what must have gone well. @throws {Fault} naming the refusal otherwise. */
export function valueOf<T>(result: Result<T>): T {
  assert(result.ok, result.ok ? '' : `${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}

/** The refusal of what must not have gone well. */
export function refusalOf(result: Result<unknown>): Refusal {
  assert(!result.ok, 'it was not refused');
  return result.refusal;
}

export function leafText(index: number): string {
  return `leaf ${index}`;
}

/** Digests of as many different leaves: always the same ones. */
export function leavesOf(count: number): readonly Digest[] {
  return Array.from({ length: count }, (_, index) => leafDigest(leafText(index)));
}

/** All complete subtrees over the leaves, in memory. */
export function nodesOf(leaves: readonly Digest[]): NodeSource {
  const nodes = new Map<string, Digest>();
  grow(emptyFrontier, leaves, (level, index, digest) => nodes.set(`${level}/${index}`, digest));
  return (level, index) => {
    const node = nodes.get(`${level}/${index}`);
    return node === undefined ? refused('tile.missing', `node ${level}/${index}`) : done(node);
  };
}

/** The digests with one digit of one of them changed. */
export function withChangedDigit(
  digests: readonly Digest[],
  which: number,
  place: number,
): readonly Digest[] {
  const changed = [...digests];
  const index = which % digests.length;
  const digest = changed[index] ?? '';
  const at = place % digest.length;
  const digit = (Number.parseInt(digest.charAt(at), 16) + 1) % 16;
  changed[index] = `${digest.slice(0, at)}${digit.toString(16)}${digest.slice(at + 1)}`;
  return changed;
}
