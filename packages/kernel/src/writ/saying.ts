import type { Digest, KeyId, ReadStatement } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { isTrustedFor, withoutCompromises } from './known-key.ts';
import type { Trust } from './model.ts';

/** A place on a ledger. */
export interface SayingPlace {
  readonly ledger: Digest;
  /** The entry of its stream that it comes after, `prev` of its own; the ledger id where there is none. */
  readonly after: Digest | null;
}

/** Whether what names its place was signed for this one. */
export function isSaidAt(said: SayingPlace, { ledger, after }: SayingPlace): boolean {
  return said.ledger === ledger && said.after === after;
}

/** `none`: nobody had the right; `lost`: who had it turned out to be compromised. */
export type Belief = 'none' | 'lost' | 'held';

/** What becomes of a right that somebody used, asked of trust as it was and as it is. */
export function beliefIn(trust: Trust, hasRight: (trust: Trust) => boolean): Belief {
  if (!hasRight(withoutCompromises(trust))) return 'none';
  return hasRight(trust) ? 'held' : 'lost';
}

/** What a sort of saying is called in a refusal, and whose it is. */
export interface SayingRule {
  /** "the price table". */
  readonly what: string;
  /** Whether a key may say it; `at` is the size that the ledger had then, the present where it is undefined. */
  readonly may: (trust: Trust, key: KeyId, at: number | undefined) => boolean;
  /** What is to be told of a key that may not: "is not trusted to sign policies". */
  readonly lacks: string;
}

/** The rule of what is said by who may sign policies. */
export function saidByLegislator(what: string): SayingRule {
  return {
    what,
    may: (trust, key, at) => isTrustedFor(trust, key, 'sign-policy', at),
    lacks: 'is not trusted to sign policies',
  };
}

/** The entry that records a saying. */
export interface RecordedSaying {
  readonly entry: Pick<Entry, 'by' | 'prev'>;
  /** In the order of the whole ledger; undefined for what is recorded now. */
  readonly position?: number | undefined;
}

/**
 * Whether what one key has signed into a ledger counts. It names the ledger and the entry before it, so
 * that it cannot be recorded a second time, here or elsewhere; its signer is the author of the entry,
 * and had the right when it was recorded. False where that key has turned out to be compromised: what
 * this comes to is for the caller to say, since what takes authority away stands all the same. Refuses
 * with `envelope.invalid` what was never to be believed.
 */
export function believe(
  { said, signer }: ReadStatement<SayingPlace>,
  { entry, position }: RecordedSaying,
  { what, may, lacks }: SayingRule,
  present: Trust,
): Result<boolean> {
  if (!isSaidAt(said, { ledger: present.ledger, after: entry.prev })) {
    return refused('envelope.invalid', `${what} was signed for another place`);
  }
  if (signer !== entry.by) {
    return refused('envelope.invalid', `${what} is signed by another key than its author`);
  }
  const belief = beliefIn(present, (trust) => may(trust, signer, position));
  return belief === 'none'
    ? refused('envelope.invalid', `${signer} ${lacks}`)
    : done(belief === 'held');
}
