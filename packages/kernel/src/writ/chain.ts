import { type KeyId } from '../encoding/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import { checkEdge } from './covers.ts';
import { type ReadWrit, type Trust } from './model.ts';
import { isGenuine, wasReadHere } from './read.ts';
import { isTrustedFor } from './trust.ts';

/**
 * Chains that were found good, by trust and by their first writ. Both are values that do not change,
 * and a new trust has nothing here: what it would find is found again.
 */
const verified = new WeakMap<Trust, WeakMap<ReadWrit, readonly ReadWrit[]>>();

function isVerified(chain: readonly ReadWrit[], first: ReadWrit, trust: Trust): boolean {
  const before = verified.get(trust)?.get(first);
  if (before?.length !== chain.length) return false;
  for (let index = 0; index < chain.length; index += 1) {
    if (before[index] !== chain[index]) return false;
  }
  return true;
}

function remember(chain: readonly ReadWrit[], first: ReadWrit, trust: Trust): void {
  let ofTrust = verified.get(trust);
  if (ofTrust === undefined) verified.set(trust, (ofTrust = new WeakMap()));
  ofTrust.set(first, [...chain]);
}

/**
 * Whether a writ, first in `chain`, with its ancestors up to a root writ gives authority to `actor`:
 * each is genuine and of this ledger, the root writ is issued by a key trusted for it, each child
 * by the subject of its parent, and every edge is covered. Says nothing of time or revocation.
 * Refuses with `writ.void`, `writ.untrusted`, `writ.widened` or `writ.not-yours`.
 */
export function checkChain(
  chain: readonly ReadWrit[],
  trust: Trust,
  actor: KeyId,
): Refusal | undefined {
  const [first] = chain;
  if (first === undefined) return refusal('writ.void', 'no writ is presented');
  if (!isVerified(chain, first, trust)) {
    const found = checkLinks(chain, trust);
    if (found !== undefined) return found;
    if (chain.every(wasReadHere)) remember(chain, first, trust);
  }
  if (first.writ.subject === actor) return undefined;
  return refusal('writ.not-yours', 'the writ names another subject');
}

function checkLinks(chain: readonly ReadWrit[], trust: Trust): Refusal | undefined {
  for (const read of chain) {
    if (!isGenuine(read)) return refusal('writ.void', 'a writ is not what its envelope says');
    if (read.writ.ledger !== trust.ledger) {
      return refusal('writ.void', 'a writ is of another ledger');
    }
  }
  for (const [index, child] of chain.entries()) {
    const parent = chain[index + 1];
    const found = parent === undefined ? checkRoot(child, trust) : checkLink(parent, child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkRoot({ writ }: ReadWrit, trust: Trust): Refusal | undefined {
  if (writ.parent !== null) return refusal('writ.void', 'the chain does not reach a root writ');
  if (isTrustedFor(trust, writ.issuer, 'issue')) return undefined;
  return refusal('writ.untrusted', 'the root writ is issued by a key that is not trusted for it');
}

function checkLink(parent: ReadWrit, child: ReadWrit): Refusal | undefined {
  if (child.writ.parent !== parent.id) {
    return refusal('writ.void', 'a writ was carved from another writ than the next of the chain');
  }
  if (child.writ.issuer !== parent.writ.subject) {
    return refusal('writ.untrusted', 'a writ is not issued by the subject of the writ above');
  }
  return checkEdge(parent.writ, child.writ);
}
