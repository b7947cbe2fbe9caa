import type { Digest } from '@chancery/kernel/encoding';
import type { Blob, Draft } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { isTrustedFor } from '@chancery/kernel/writ';
import { Journal } from '../journal/index.ts';
import type { PolicyStanding } from './authority.ts';
import type { Signatory } from './signatory.ts';

/** What is to stand in the stream `policy`, signed for its place. */
export interface PolicySaying {
  readonly draft: Draft;
  readonly blobs?: readonly Blob[];
}

/** The place that a saying is signed for. */
export interface PolicyPlace {
  readonly ledger: Digest;
  /** The last entry of the stream; the ledger id where there is none. */
  readonly after: Digest;
}

/** What somebody says upon the policies as they stand; `Nothing` is null where all of it may stand already, and never otherwise. */
export type SayPolicy<Nothing extends null> = (
  standing: PolicyStanding,
  place: PolicyPlace,
) => Result<PolicySaying | Nothing>;

/**
 * Records what is said in the stream `policy`, again from the start where keys or policies have changed
 * meanwhile. Answers the digest of the entry; null where nothing is said. Refuses as `say` does.
 */
export async function sayPolicy<Nothing extends null>(
  { store, ledger, clock, authority, by }: Signatory,
  say: SayPolicy<Nothing>,
): Promise<Result<Digest | Nothing>> {
  const journal = new Journal({ store, ledger, clock, by: by.id });
  for (;;) {
    const standing = await authority.policies();
    const { head, keys } = standing;
    const said = say(standing, { ledger, after: head?.digest ?? ledger });
    if (!said.ok) return said;
    if (said.value === null) return done(said.value);
    const { draft, blobs = [] } = said.value;
    const written = await journal.append(new Map([['policy', head]]), [draft], {
      reads: [keys],
      blobs,
    });
    const [entry] = written.kind === 'written' ? written.entries : [];
    if (entry !== undefined) return done(entry.digest);
  }
}

/** As `sayPolicy`, for what only who signs policies may say. Refuses `policy.not-signer` as well. */
export function legislate<Nothing extends null>(
  signatory: Signatory,
  say: SayPolicy<Nothing>,
): Promise<Result<Digest | Nothing>> {
  const { id } = signatory.by;
  return sayPolicy(signatory, (standing, place) =>
    isTrustedFor(standing.trust, id, 'sign-policy')
      ? say(standing, place)
      : refused('policy.not-signer', `${id} is not trusted to sign policies`),
  );
}
