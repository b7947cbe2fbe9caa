import type { Digest, KeyId } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { afterStatement, readKeyStatementDraft, type KnownKey } from '@chancery/kernel/writ';
import { whyNeeded } from './ending-keys.ts';
import {
  recordAsLong,
  whyNotSpeak,
  type KeySaying,
  type SayingPlace,
  type Speaking,
} from './speaking.ts';
import { whyNotUsable } from './usable-keys.ts';

/**
 * Records what was drafted by `draftSayings` and signed elsewhere, all of it or nothing. Answers the
 * digests of the entries. Refuses `envelope.invalid` for what does not fit the ledger as it stands,
 * since something was said of the same key meanwhile or it is of another ledger; `key.not-root` for
 * what too few roots have signed, or somebody else; `key.needed` as `sayRetirement`;
 * `key.invalid` as `sayTrust`.
 */
export function recordSigned(
  speaking: Speaking,
  said: readonly KeySaying[],
): Promise<Result<readonly Digest[]>> {
  return recordAsLong(speaking, (place) => checked(place, said));
}

function checked(place: SayingPlace, said: readonly KeySaying[]): Result<readonly KeySaying[]> {
  const keys = new Map<KeyId, KnownKey>(place.trust.keys);
  for (const [index, saying] of said.entries()) {
    const trust = { ...place.trust, keys };
    const next = after({ ...place, trust, size: place.size + index }, saying);
    if (!next.ok) return next;
    keys.set(...next.value);
  }
  return done(said);
}

function after(
  { ledger, trust, size }: SayingPlace,
  { kind, envelope }: KeySaying,
): Result<readonly [KeyId, KnownKey]> {
  const read = readKeyStatementDraft(kind, envelope);
  if (!read.ok) return read;
  const { statement, signers } = read.value;
  const { key } = statement;
  if (statement.ledger !== ledger) {
    return refused('envelope.invalid', `what is said of ${key} is of another ledger`);
  }
  const stranger = whyNotSpeak(trust.genesis, signers);
  if (stranger !== undefined) return { ok: false, refusal: stranger };
  const unusable = kind === 'key.trusted' ? whyNotUsable(key) : undefined;
  if (unusable !== undefined) return { ok: false, refusal: unusable };
  const isRoot = trust.genesis.roots.includes(key);
  const known = afterStatement(trust.keys.get(key), statement, { position: size, isRoot });
  if (!known.ok) {
    return refused('envelope.invalid', known.refusal.message, {
      remedy: 'See `chancery keys list`: it may be recorded already. Otherwise draft it anew.',
    });
  }
  const needed = kind === 'key.retired' ? whyNeeded(trust, key) : undefined;
  return needed === undefined ? done([key, known.value]) : { ok: false, refusal: needed };
}
