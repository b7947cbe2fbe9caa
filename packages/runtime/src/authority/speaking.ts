import type { Digest, Envelope, KeyId, Signer } from '@chancery/kernel/encoding';
import type { Draft } from '@chancery/kernel/ledger';
import { done, refusal, type Refusal, type Result } from '@chancery/kernel/refusal';
import type { Genesis, KeyKind, Trust } from '@chancery/kernel/writ';
import { Journal, ledgerSize } from '../journal/index.ts';
import type { Signatory } from './signatory.ts';

/** Where the roots speak of keys; who speaks is told by those who sign. */
export type Speaking = Omit<Signatory, 'by'>;

/** What the roots say of a key, as it is recorded; without a signature while it goes round them. */
export interface KeySaying {
  readonly kind: KeyKind;
  readonly envelope: Envelope;
}

/** Of which ledger something is said, what it trusts, and how many entries it has. */
export interface SayingPlace {
  readonly ledger: Digest;
  readonly trust: Trust;
  readonly size: number;
}

/** What is to be said of keys as a ledger stands, signed by these roots; nothing where all is said. */
export type Sayings = (
  place: SayingPlace,
  roots: readonly Signer[],
) => Result<readonly KeySaying[]>;

/** What the roots are to sign elsewhere; see `recordSigned`. Refuses what `sayings` refuse. */
export async function draftSayings(
  { store, ledger, authority }: Speaking,
  sayings: Sayings,
): Promise<Result<readonly KeySaying[]>> {
  const { trust } = await authority.controls();
  return sayings({ ledger, trust, size: await ledgerSize(store) }, []);
}

/**
 * Has these roots sign and records it, all of it or nothing, whoever writes at the same moment: the
 * sayings are asked again when anything about the keys has changed. Answers the digests of the
 * entries. Refuses `key.not-root`, and what `sayings` refuse: a statement that too few roots have
 * signed would stop everybody who reads it.
 */
export function recordSayings(
  speaking: Speaking,
  sayings: Sayings,
  roots: readonly Signer[],
): Promise<Result<readonly Digest[]>> {
  const signers = roots.map(({ id }) => id);
  return recordAsLong(speaking, (place) => {
    const wrong = whyNotSpeak(place.trust.genesis, signers);
    return wrong === undefined ? sayings(place, roots) : { ok: false, refusal: wrong };
  });
}

/** Records what `make` answers upon the heads that it saw, or has it made again. */
export async function recordAsLong(
  { store, ledger, clock, authority }: Speaking,
  make: (place: SayingPlace) => Result<readonly KeySaying[]>,
): Promise<Result<readonly Digest[]>> {
  for (;;) {
    const { trust, keys } = await authority.controls();
    const said = make({ ledger, trust, size: await ledgerSize(store) });
    if (!said.ok) return said;
    const by = said.value[0]?.envelope.signatures[0]?.keyid;
    if (by === undefined) return done([]);
    const drafts = said.value.map(draftOf);
    const journal = new Journal({ store, ledger, clock, by });
    const written = await journal.append(new Map([[keys.stream, keys.head]]), drafts);
    if (written.kind === 'written') return done(written.entries.map(({ digest }) => digest));
  }
}

const keyStream = 'ledger';

export function draftOf({ kind, envelope }: KeySaying): Draft {
  return { stream: keyStream, kind, body: { envelope } };
}

/** Those who sign must be roots, and enough. */
export function whyNotSpeak(
  { roots, threshold }: Pick<Genesis, 'roots' | 'threshold'>,
  signers: readonly KeyId[],
): Refusal | undefined {
  const stranger = signers.find((id) => !roots.includes(id));
  if (stranger !== undefined) {
    return refusal('key.not-root', `${stranger} is not among the roots of this ledger`);
  }
  const { size } = new Set(signers);
  if (size >= threshold) return undefined;
  return refusal('key.not-root', `${threshold} of the roots must sign, and ${size} did`);
}
