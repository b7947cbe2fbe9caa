import { type Digest, type KeyId, type Signer } from '@chancery/kernel/encoding';
import { type Draft } from '@chancery/kernel/ledger';
import { done, refusal, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import {
  compromiseKey,
  isLive,
  isTrustedFor,
  retireKey,
  trustKey,
  type KnownKey,
  type Trust,
} from '@chancery/kernel/writ';
import { ledgerSize } from '../journal/index.ts';
import { keyStream, recordStatements, type Speaking } from './trusting.ts';

export interface EndingKey {
  readonly key: KeyId;
  readonly reason: string;
  /** Those who sign: at least as many as the genesis asks for. */
  readonly roots: readonly Signer[];
}

/**
 * Signs and records that a key signs nothing new; what it has signed stands. Answers the digest of the
 * entry. Refuses `key.not-root`, `key.unknown`, `key.is-root`, `key.ended`, and `key.needed` for the
 * last key that may run: nobody could sign a head of the ledger any more.
 */
export async function recordRetirement(
  speaking: Speaking,
  { key, reason, roots }: EndingKey,
): Promise<Result<Digest>> {
  const recorded = await recordStatements(speaking, roots, (trust) => {
    const known = endable(trust, key);
    if (!known.ok) return known;
    if (isLastToRun(trust, key)) {
      return refused('key.needed', `${key} is the only key that may run in this ledger`);
    }
    return done([retirement(speaking, known.value, { key, reason, roots })]);
  });
  return firstOf(recorded);
}

/**
 * Signs and records that a key was in other hands since the ledger had `fromSize` entries: what it
 * signed from there on is void. Answers the digest of the entry. Refuses `key.not-root`,
 * `key.unknown`, `key.is-root`, `key.ended` where that is known already, and `key.not-yet` for a size
 * that the ledger has not reached. The last of its purpose is no reason to refuse: nobody may wait.
 */
export async function recordCompromise(
  speaking: Speaking,
  { key, reason, roots, fromSize }: EndingKey & { readonly fromSize: number },
): Promise<Result<Digest>> {
  const { ledger, store } = speaking;
  const recorded = await recordStatements(speaking, roots, async (trust) => {
    const known = knownKey(trust, key);
    if (!known.ok) return known;
    const { voidFrom, statements: earlier } = known.value;
    if (voidFrom !== undefined && voidFrom <= fromSize) {
      return refused('key.ended', `${key} is compromised from entry ${voidFrom} on`);
    }
    const size = await ledgerSize(store);
    if (fromSize > size) return refused('key.not-yet', `the ledger has ${size} entries`);
    const envelope = compromiseKey({ ledger, key, earlier, fromSize, reason, roots });
    return done([{ stream: keyStream, kind: 'key.compromised', body: { envelope } }]);
  });
  return firstOf(recorded);
}

/**
 * Signs and records that another key takes the place of one: it is trusted for the same purposes, and
 * the old one retired unless it has ended before, all or nothing. Answers the digest of the last entry.
 * Refuses `key.not-root`, `key.unknown`, `key.is-root`, and `key.exists` for a successor of which
 * anything was ever said.
 */
export async function recordRotation(
  speaking: Speaking,
  { key, reason, roots, to }: EndingKey & { readonly to: KeyId },
): Promise<Result<Digest>> {
  const { ledger } = speaking;
  const recorded = await recordStatements(speaking, roots, (trust) => {
    const known = knownKey(trust, key);
    if (!known.ok) return known;
    if (trust.keys.has(to) || trust.genesis.roots.includes(to)) {
      return refused('key.exists', `${to} is known to the ledger`);
    }
    const { label, spans } = known.value;
    const purposes = spans.at(-1)?.purposes ?? [];
    const envelope = trustKey({ ledger, key: to, label, purposes, earlier: 0, roots });
    const trusted: Draft = { stream: keyStream, kind: 'key.trusted', body: { envelope } };
    return done(
      isLive(known.value)
        ? [trusted, retirement(speaking, known.value, { key, reason, roots })]
        : [trusted],
    );
  });
  return recorded.ok ? done(recorded.value.at(-1) ?? '') : recorded;
}

function firstOf(recorded: Result<readonly Digest[]>): Result<Digest> {
  return recorded.ok ? done(recorded.value[0] ?? '') : recorded;
}

function retirement(
  { ledger }: Speaking,
  { statements: earlier }: KnownKey,
  { key, reason, roots }: EndingKey,
): Draft {
  const envelope = retireKey({ ledger, key, earlier, reason, roots });
  return { stream: keyStream, kind: 'key.retired', body: { envelope } };
}

/** Refuses `key.is-root` and `key.unknown`. */
function knownKey(trust: Trust, key: KeyId): Result<KnownKey> {
  if (trust.genesis.roots.includes(key)) {
    return { ok: false, refusal: rooted(key) };
  }
  const known = trust.keys.get(key);
  return known === undefined
    ? refused('key.unknown', `the ledger has never trusted ${key}`)
    : done(known);
}

function rooted(key: KeyId): Refusal {
  return refusal('key.is-root', `${key} is a root, which the genesis names`);
}

/** Refuses also `key.ended`. */
function endable(trust: Trust, key: KeyId): Result<KnownKey> {
  const known = knownKey(trust, key);
  if (!known.ok || isLive(known.value)) return known;
  return refused('key.ended', `${key} has ended before`);
}

function isLastToRun(trust: Trust, key: KeyId): boolean {
  if (!isTrustedFor(trust, key, 'run')) return false;
  const running = [...trust.keys.keys()].filter((each) => isTrustedFor(trust, each, 'run'));
  return running.length === 1;
}
