import { isDigest, type Digest } from '../encoding/index.ts';
import type { Head } from '../ledger/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import { bitOf, emptyHeads, forkOf, headsKey, leafOf } from './heads-hash.ts';
import type { HeadsMap } from './heads-map.ts';

/**
 * What the map of stream heads says of a stream: its head, or that it has none. The way of the
 * stream's key ends at what is in `found`: the stream's own leaf, the leaf of another stream, which
 * is alone in that part of the map, or nothing (`null`).
 */
export interface HeadProof {
  readonly type: 'head';
  readonly stream: string;
  readonly found: { readonly key: Digest; readonly head: Head } | null;
  /** Hashes of the other sides of the forks, from the deepest up to the root. */
  readonly path: readonly Digest[];
}

/** Keys have 256 bits. */
export const headPathMax = 256;

/** The proof for a stream that is there, and for one that is not. */
export function proveHead(map: HeadsMap, stream: string): HeadProof {
  const key = headsKey(stream);
  const path: Digest[] = [];
  let at = map;
  for (let depth = 0; at.kind === 'fork'; depth += 1) {
    const [here, there] = bitOf(key, depth) === 0 ? [at.zero, at.one] : [at.one, at.zero];
    path.unshift(there.digest);
    at = here;
  }
  const found = at.kind === 'leaf' ? { key: at.key, head: at.head } : null;
  return { type: 'head', stream, found, path };
}

/** Whether the map with this root says so. Refuses `proof.invalid`. */
export function verifyHead(proof: HeadProof, root: Digest): Refusal | undefined {
  const { stream, found, path } = proof;
  const digests = [root, ...path, ...(found === null ? [] : [found.key, found.head.digest])];
  if (!digests.every(isDigest)) return invalid('it holds what is not a digest');
  if (path.length > headPathMax) return invalid('its path is too long');
  if (!stream.isWellFormed()) return invalid('its stream is no name');
  if (found !== null && !(Number.isSafeInteger(found.head.seq) && found.head.seq >= 0)) {
    return invalid('its seq is not a count');
  }
  const key = headsKey(stream);
  if (found !== null && !isOnWay(found.key, key, path.length)) {
    return invalid('what it found does not lie on the way of the stream');
  }
  let node = found === null ? emptyHeads : leafOf(found.key, found.head);
  for (const [step, other] of path.entries()) {
    const isZero = bitOf(key, path.length - 1 - step) === 0;
    node = isZero ? forkOf(node, other) : forkOf(other, node);
  }
  return node === root ? undefined : invalid('it leads to another root');
}

/** The head that a proof tells of its stream; null when it tells that there is none. */
export function headOf({ stream, found }: HeadProof): Head | null {
  return found?.key === headsKey(stream) ? found.head : null;
}

function isOnWay(found: Digest, key: Digest, depth: number): boolean {
  for (let bit = 0; bit < depth; bit += 1) {
    if (bitOf(found, bit) !== bitOf(key, bit)) return false;
  }
  return true;
}

function invalid(message: string): Refusal {
  return refusal('proof.invalid', `the proof of a stream's head does not hold: ${message}`);
}
