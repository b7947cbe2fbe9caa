import type { Digest, KeyId } from '../encoding/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import { checkEdge } from './covers.ts';
import type { ReadWrit, Trust } from './model.ts';
import { isGenuine, wasReadHere } from './read.ts';
import { isBarred, isTrustedFor } from './known-key.ts';

/**
 * Chains that were found good, by trust and by their first writ. Both are values that do not change,
 * and a new trust has nothing here: what it would find is found again. So is what is told to have been
 * issued elsewhere.
 */
const verified = new WeakMap<Trust, WeakMap<ReadWrit, readonly Issued[]>>();

interface Issued {
  readonly read: ReadWrit;
  readonly at: number | undefined;
}

/** Where each writ of a chain was issued; one that is not told is judged as if it were issued now. */
export type IssuedAt = (writ: Digest) => number | undefined;

const presently: IssuedAt = () => undefined;

function isVerified(chain: readonly ReadWrit[], trust: Trust, issuedAt: IssuedAt): boolean {
  const [first] = chain;
  if (first === undefined) return false;
  const before = verified.get(trust)?.get(first);
  if (before?.length !== chain.length) return false;
  for (let index = 0; index < chain.length; index += 1) {
    const [known, read] = [before[index], chain[index]];
    if (known === undefined || read === undefined) return false;
    if (known.read !== read || known.at !== issuedAt(read.id)) return false;
  }
  return true;
}

function remember(chain: readonly ReadWrit[], trust: Trust, issuedAt: IssuedAt): void {
  const [first] = chain;
  if (first === undefined) return;
  let ofTrust = verified.get(trust);
  if (ofTrust === undefined) verified.set(trust, (ofTrust = new WeakMap()));
  ofTrust.set(
    first,
    chain.map((read) => ({ read, at: issuedAt(read.id) })),
  );
}

/**
 * Whether a writ, first in `chain`, with its ancestors up to a root writ gives authority to `actor`:
 * each is genuine and of this ledger, the root writ is issued by a key trusted for it, each child
 * by the subject of its parent, and every edge is covered; whoever signed was trusted when it was
 * issued, and nobody has said since that the key was in other hands; and the actor's key has not ended.
 * Says nothing of time or revocation.
 * Refuses with `writ.void`, `writ.untrusted`, `writ.widened` or `writ.not-yours`.
 */
export function checkChain(
  chain: readonly ReadWrit[],
  trust: Trust,
  actor: KeyId,
  issuedAt: IssuedAt = presently,
): Refusal | undefined {
  const [first] = chain;
  if (first === undefined) return refusal('writ.void', 'no writ is presented');
  if (!isVerified(chain, trust, issuedAt)) {
    const found = checkLinks(chain, trust, issuedAt);
    if (found !== undefined) return found;
    if (chain.every(wasReadHere)) remember(chain, trust, issuedAt);
  }
  if (first.writ.subject !== actor) {
    return refusal('writ.not-yours', 'the writ names another subject');
  }
  return isBarred(trust, actor) ? ended(actor) : undefined;
}

function ended(key: KeyId): Refusal {
  return refusal('writ.untrusted', `the key ${key} was retired or compromised`, {
    remedy: 'Have a writ issued that names, and is issued by, keys that the ledger trusts now.',
    details: { key },
  });
}

function checkLinks(
  chain: readonly ReadWrit[],
  trust: Trust,
  issuedAt: IssuedAt,
): Refusal | undefined {
  for (const read of chain) {
    if (!isGenuine(read)) return refusal('writ.void', 'a writ is not what its envelope says');
    if (read.writ.ledger !== trust.ledger) {
      return refusal('writ.void', 'a writ is of another ledger');
    }
  }
  for (const [index, child] of chain.entries()) {
    const parent = chain[index + 1];
    const at = issuedAt(child.id);
    const found =
      parent === undefined ? checkRoot(child, trust, at) : checkLink(parent, child, trust, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkRoot({ writ }: ReadWrit, trust: Trust, at: number | undefined): Refusal | undefined {
  if (writ.parent !== null) return refusal('writ.void', 'the chain does not reach a root writ');
  if (isTrustedFor(trust, writ.issuer, 'issue', at)) return undefined;
  if (isBarred(trust, writ.issuer, at)) return ended(writ.issuer);
  return refusal('writ.untrusted', 'the root writ is issued by a key that is not trusted for it');
}

function checkLink(
  parent: ReadWrit,
  child: ReadWrit,
  trust: Trust,
  at: number | undefined,
): Refusal | undefined {
  if (child.writ.parent !== parent.id) {
    return refusal('writ.void', 'a writ was carved from another writ than the next of the chain');
  }
  if (child.writ.issuer !== parent.writ.subject) {
    return refusal('writ.untrusted', 'a writ is not issued by the subject of the writ above');
  }
  if (isBarred(trust, child.writ.issuer, at)) return ended(child.writ.issuer);
  return checkEdge(parent.writ, child.writ);
}
