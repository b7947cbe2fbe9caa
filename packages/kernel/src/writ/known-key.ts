import type { KeyId } from '../encoding/index.ts';
import type { KeySpan, KnownKey, Purpose, Trust } from './model.ts';

/**
 * Whether a key may be believed for a purpose. `at` is the size that the ledger had when it signed,
 * which for an entry is its position; left out, the present is asked for. What was signed within a
 * span counts for ever, unless a compromise covers it. Roots are, like any key, trusted for what a
 * statement gives them.
 */
export function isTrustedFor(trust: Trust, key: KeyId, purpose: Purpose, at?: number): boolean {
  const known = trust.keys.get(key);
  if (known === undefined || isVoid(known, at)) return false;
  const purposes = at === undefined ? known.purposes : spanAt(known, at)?.purposes;
  return purposes?.includes(purpose) ?? false;
}

/**
 * Whether a key that the ledger has known has been taken leave of: retired before `at` (or now)
 * and not trusted anew, or compromised. A key of which nothing was ever said is not barred: a writ
 * may name any.
 */
export function isBarred(trust: Trust, key: KeyId, at?: number): boolean {
  const known = trust.keys.get(key);
  if (known === undefined) return false;
  if (isVoid(known, at)) return true;
  const size = at ?? Number.MAX_SAFE_INTEGER;
  const isKnownThen = size >= (known.spans[0]?.from ?? 0);
  return isKnownThen && spanAt(known, size) === undefined;
}

/**
 * Keys that are believed for a signed head of this size: those that may run, or might when the ledger
 * had it. One that was trusted later may have signed what is older; none signs beyond its end.
 */
export function headSigners(trust: Trust, size: number): readonly KeyId[] {
  return [...trust.keys].flatMap(([key, known]) => {
    const spans = isVoid(known, size) ? [] : known.spans;
    const may = spans.some(
      ({ purposes, until }) => purposes.includes('run') && (until === null || size < until),
    );
    return may ? [key] : [];
  });
}

/** Keys that may ever have been believed for a purpose, whatever became of them. */
export function keysEverTrustedFor(trust: Trust, purpose: Purpose): readonly KeyId[] {
  return [...trust.keys].flatMap(([key, { spans }]) =>
    spans.some(({ purposes }) => purposes.includes(purpose)) ? [key] : [],
  );
}

/**
 * Trust as it was before anybody knew of a compromise. For what only takes authority away: a halt or
 * a revocation must not be undone by saying that its key was in other hands as well.
 */
export function withoutCompromises(trust: Trust): Trust {
  const before = unvoided.get(trust);
  if (before !== undefined) return before;
  const keys = [...trust.keys].map(
    ([key, known]) => [key, { ...known, voidFrom: undefined }] as const,
  );
  const made = { ...trust, keys: new Map(keys) };
  unvoided.set(trust, made);
  return made;
}

const unvoided = new WeakMap<Trust, Trust>();

/** What is signed now is signed at the largest size. */
function isVoid({ voidFrom }: KnownKey, at: number | undefined): boolean {
  return voidFrom !== undefined && (at === undefined || at >= voidFrom);
}

function spanAt({ spans }: KnownKey, size: number): KeySpan | undefined {
  return spans.find(({ from, until }) => size >= from && (until === null || size < until));
}
