import { type Digest, type KeyId } from '../encoding/index.ts';
import { type Entry } from '../ledger/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { purposes, type Purpose, type ReadWrit, type Trust } from './model.ts';
import {
  reachesThreshold,
  readGenesis,
  readKeyTrust,
  type ReadClosing,
  type ReadKeyTrust,
  type ReadRevocation,
} from './read.ts';

/** Entries that trust is folded from. */
export type TrustEntry = Entry<'ledger.created'> | Entry<'key.trusted'>;

/**
 * Roots and trusted keys of a ledger, from its stream `ledger` in order. The caller has checked that
 * `ledger` is the digest of the first entry. A later statement about a key adds purposes and takes
 * none away, so that an envelope which is recorded twice changes nothing. Refuses with
 * `envelope.invalid` for whatever is not signed by enough roots.
 */
export function foldTrust(ledger: Digest, entries: readonly TrustEntry[]): Result<Trust> {
  const [first, ...others] = entries;
  if (first?.kind !== 'ledger.created') {
    return refused('envelope.invalid', 'the ledger does not begin with its genesis');
  }
  const genesis = readGenesis(first.body.envelope);
  if (!genesis.ok) return genesis;
  const trust = { ledger, genesis: genesis.value, keys: new Map<KeyId, KnownKey>() };
  for (const entry of others) {
    if (entry.kind !== 'key.trusted') {
      return refused('envelope.invalid', 'the ledger has a second genesis');
    }
    const read = readKeyTrust(entry.body.envelope);
    if (!read.ok) return read;
    const found = checkStatement(trust, read.value);
    if (found !== undefined) return { ok: false, refusal: found };
    const { key } = read.value.statement;
    trust.keys.set(key, withStatement(trust.keys.get(key), read.value));
  }
  return done(trust);
}

interface KnownKey {
  readonly label: string;
  readonly purposes: readonly Purpose[];
}

function checkStatement(trust: Trust, { statement, signers }: ReadKeyTrust): Refusal | undefined {
  if (statement.ledger !== trust.ledger) {
    return refusal('envelope.invalid', `the trust in ${statement.key} is of another ledger`);
  }
  if (!reachesThreshold(signers, trust.genesis)) {
    return refusal(
      'envelope.invalid',
      `the trust in ${statement.key} is not signed by enough of the roots`,
    );
  }
  return undefined;
}

function withStatement(before: KnownKey | undefined, { statement }: ReadKeyTrust): KnownKey {
  return {
    label: before?.label ?? statement.label,
    purposes: purposes.filter(
      (purpose) => statement.purposes.includes(purpose) || before?.purposes.includes(purpose),
    ),
  };
}

/** Whether a key is trusted for a purpose. Roots are, like any key, for what a statement gives them. */
export function isTrustedFor(trust: Trust, key: KeyId, purpose: Purpose): boolean {
  return trust.keys.get(key)?.purposes.includes(purpose) ?? false;
}

/**
 * Whether a revocation ends a writ: of this ledger, about this writ, signed by its issuer or by a
 * root. Refuses with `envelope.invalid`.
 */
export function checkRevocation(
  { revocation, signer }: ReadRevocation,
  revoked: ReadWrit,
  trust: Trust,
): Refusal | undefined {
  if (revocation.ledger !== trust.ledger || revocation.writ !== revoked.id) {
    return refusal('envelope.invalid', 'the revocation is about another writ');
  }
  if (mayRevoke(revoked, signer, trust)) return undefined;
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
): Refusal | undefined {
  if (closing.ledger !== trust.ledger || closing.writ !== closed.id) {
    return refusal('envelope.invalid', 'the closing is about another writ');
  }
  if (mayClose(closed, signer, trust)) return undefined;
  return refusal(
    'envelope.invalid',
    'the closing is signed by neither the subject nor the issuer nor a root',
  );
}

/** Whether a key may revoke a writ: that of its issuer, or a root. */
export function mayRevoke({ writ }: ReadWrit, key: KeyId, trust: Trust): boolean {
  return key === writ.issuer || trust.genesis.roots.includes(key);
}

/** Whether a key may give a writ back: that of its subject, or one that may revoke it. */
export function mayClose(read: ReadWrit, key: KeyId, trust: Trust): boolean {
  return key === read.writ.subject || mayRevoke(read, key, trust);
}
