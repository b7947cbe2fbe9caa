import type { KeyId } from '../encoding/index.ts';
import { refusal, type Refusal } from '../refusal/index.ts';
import { isBarred } from './known-key.ts';
import type { ReadWrit, Trust } from './model.ts';
import type { ReadClosing, ReadRevocation } from './read.ts';

/**
 * Whether a revocation ends a writ: of this ledger, about this writ, signed by its issuer or by a
 * root. Refuses with `envelope.invalid`.
 */
export function checkRevocation(
  { revocation, signer }: ReadRevocation,
  revoked: ReadWrit,
  trust: Trust,
  at?: number,
): Refusal | undefined {
  if (revocation.ledger !== trust.ledger || revocation.writ !== revoked.id) {
    return refusal('envelope.invalid', 'the revocation is about another writ');
  }
  if (mayRevoke(revoked, signer, trust, at)) return undefined;
  return refusal('envelope.invalid', 'the revocation is signed by neither the issuer nor a root');
}

/**
 * Whether a closing gives a writ back: of this ledger, about this writ, signed by its subject, its
 * issuer or a root. Refuses with `envelope.invalid`.
 */
export function checkClosing(
  { closing, signer }: ReadClosing,
  closed: ReadWrit,
  trust: Trust,
  at?: number,
): Refusal | undefined {
  if (closing.ledger !== trust.ledger || closing.writ !== closed.id) {
    return refusal('envelope.invalid', 'the closing is about another writ');
  }
  if (mayClose(closed, signer, trust, at)) return undefined;
  return refusal(
    'envelope.invalid',
    'the closing is signed by neither the subject nor the issuer nor a root',
  );
}

/** Whether a key may revoke a writ: that of its issuer unless it has ended, or a root. */
export function mayRevoke({ writ }: ReadWrit, key: KeyId, trust: Trust, at?: number): boolean {
  if (trust.genesis.roots.includes(key)) return true;
  return key === writ.issuer && !isBarred(trust, key, at);
}

/** Whether a key may give a writ back: that of its subject, or one that may revoke it. */
export function mayClose(read: ReadWrit, key: KeyId, trust: Trust, at?: number): boolean {
  if (key === read.writ.subject && !isBarred(trust, key, at)) return true;
  return mayRevoke(read, key, trust, at);
}
