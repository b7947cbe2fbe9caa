import type { KeyId } from '@chancery/kernel/encoding';
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
import type { Sayings } from './speaking.ts';
import { whyNotUsable } from './usable-keys.ts';

export interface EndingKey {
  readonly key: KeyId;
  readonly reason: string;
}

/**
 * That a key signs nothing new; what it has signed stands. Refuses `key.unknown`, `key.is-root`,
 * `key.ended`, and `key.needed` for the last key that may run: nobody could sign a head of the ledger
 * any more.
 */
export function sayRetirement({ key, reason }: EndingKey): Sayings {
  return ({ ledger, trust }, roots) => {
    const known = endable(trust, key);
    if (!known.ok) return known;
    const needed = whyNeeded(trust, key);
    if (needed !== undefined) return { ok: false, refusal: needed };
    const { statements: earlier } = known.value;
    const envelope = retireKey({ ledger, key, earlier, reason, roots });
    return done([{ kind: 'key.retired', envelope }]);
  };
}

/**
 * That a key was in other hands since the ledger had `fromSize` entries: what it signed from there on
 * is void. Refuses `key.unknown`, `key.is-root`, `key.ended` where that is known already, and
 * `key.not-yet` for a size that the ledger has not reached. The last of its purpose is no reason to
 * refuse: nobody may wait.
 */
export function sayCompromise({
  key,
  reason,
  fromSize,
}: EndingKey & { readonly fromSize: number }): Sayings {
  return ({ ledger, trust, size }, roots) => {
    const known = knownKey(trust, key);
    if (!known.ok) return known;
    const { voidFrom, statements: earlier } = known.value;
    if (voidFrom !== undefined && voidFrom <= fromSize) {
      return refused('key.ended', `${key} is compromised from entry ${voidFrom} on`);
    }
    if (fromSize > size) return refused('key.not-yet', `the ledger has ${size} entries`);
    const envelope = compromiseKey({ ledger, key, earlier, fromSize, reason, roots });
    return done([{ kind: 'key.compromised', envelope }]);
  };
}

/**
 * That another key takes the place of one: it is trusted for the same purposes, and the old one
 * retired unless it has ended before. Refuses `key.unknown`, `key.is-root`, and for the
 * successor `key.exists` where anything was ever said of it, and `key.invalid` where it cannot sign.
 */
export function sayRotation({ key, reason, to }: EndingKey & { readonly to: KeyId }): Sayings {
  return ({ ledger, trust }, roots) => {
    const known = knownKey(trust, key);
    if (!known.ok) return known;
    const unusable = whyNotUsable(to);
    if (unusable !== undefined) return { ok: false, refusal: unusable };
    if (trust.keys.has(to) || trust.genesis.roots.includes(to)) {
      return refused('key.exists', `${to} is known to the ledger`);
    }
    const { label, spans, statements } = known.value;
    const purposes = spans.at(-1)?.purposes ?? [];
    const trusted = trustKey({ ledger, key: to, label, purposes, earlier: 0, roots });
    const retired = retireKey({ ledger, key, earlier: statements, reason, roots });
    return done([
      { kind: 'key.trusted', envelope: trusted },
      ...(isLive(known.value) ? ([{ kind: 'key.retired', envelope: retired }] as const) : []),
    ]);
  };
}

/** Refuses `key.is-root` and `key.unknown`. */
function knownKey(trust: Trust, key: KeyId): Result<KnownKey> {
  if (trust.genesis.roots.includes(key)) {
    return refused('key.is-root', `${key} is a root, which the genesis names`);
  }
  const known = trust.keys.get(key);
  return known === undefined
    ? refused('key.unknown', `the ledger has never trusted ${key}`)
    : done(known);
}

/** Refuses also `key.ended`. */
function endable(trust: Trust, key: KeyId): Result<KnownKey> {
  const known = knownKey(trust, key);
  if (!known.ok || isLive(known.value)) return known;
  return refused('key.ended', `${key} has ended before`);
}

/** Why a key may not be retired: nobody else could sign a head of the ledger. */
export function whyNeeded(trust: Trust, key: KeyId): Refusal | undefined {
  if (!isTrustedFor(trust, key, 'run')) return undefined;
  const running = [...trust.keys.keys()].filter((each) => isTrustedFor(trust, each, 'run'));
  return running.length === 1
    ? refusal('key.needed', `${key} is the only key that may run in this ledger`)
    : undefined;
}
