import { type Digest } from '@chancery/kernel/encoding';
import { type Draft } from '@chancery/kernel/ledger';
import {
  activateBundle,
  bundleDigest,
  compilePolicySet,
  policySetDigest,
  recordedActivation,
  type Bundle,
} from '@chancery/kernel/policy';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { isTrustedFor } from '@chancery/kernel/writ';
import { Journal } from '../journal/index.ts';
import { bundleKey, type ActiveBundles } from './policy-state.ts';
import { type Signatory } from './signatory.ts';

/** The bundles that would be active with this one, which takes the place of its level and name. */
export function setWith(active: ActiveBundles, bundle: Bundle): readonly Bundle[] {
  return [...new Map(active).set(bundleKey(bundle), bundle).values()];
}

/**
 * Signs and records that a bundle decides from here on, in the place of one of its level and name.
 * Answers the digest of the entry; null where it is active already, and nothing is recorded.
 * Refuses `policy.not-signer`, and `policy.invalid` where the set would not compile: an activation
 * of a wrong key, or of such a set, would stop everybody who reads it.
 */
export async function activatePolicy(
  signatory: Signatory,
  bundle: Bundle,
): Promise<Result<Digest | null>> {
  const { store, ledger, clock, authority, by } = signatory;
  for (;;) {
    const { trust, active, head, keys } = await authority.policies();
    if (!isTrustedFor(trust, by.id, 'sign-policy')) {
      return refused('policy.not-signer', `${by.id} is not trusted to sign policies`);
    }
    const known = active.get(bundleKey(bundle));
    if (known !== undefined && bundleDigest(known) === bundleDigest(bundle)) return done(null);
    const bundles = setWith(active, bundle);
    const compiled = compilePolicySet(bundles);
    if (!compiled.ok) return compiled;
    const activation = activateBundle({
      ...{ ledger, bundle, by, after: head?.digest ?? ledger },
      policySet: policySetDigest(bundles),
    });
    const { body, blobs } = recordedActivation(activation);
    const draft: Draft = { stream: 'policy', kind: 'policy.activated', body };
    const journal = new Journal({ store, ledger, clock, by: by.id });
    const heads = new Map([['policy', head]]);
    const written = await journal.append(heads, [draft], { reads: [keys], blobs });
    if (written.kind === 'written') return done(written.entries[0]?.digest ?? null);
  }
}
