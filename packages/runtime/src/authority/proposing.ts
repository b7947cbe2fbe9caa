import type { Digest } from '@chancery/kernel/encoding';
import {
  bundleDigest,
  bundleIn,
  bundleKey,
  mayPropose,
  proposeBundle,
  withdrawProposal,
  type Bundle,
} from '@chancery/kernel/policy';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { sayPolicy } from './legislating.ts';
import type { Signatory } from './signatory.ts';

/**
 * Signs and records that a bundle is proposed, to remember an approved action. It decides nothing
 * before who may sign policies activates it. Answers the digest of the entry; null where it is
 * proposed or active already. Refuses `policy.not-signer` for a key that neither approves nor signs
 * policies.
 */
export function proposePolicy(
  signatory: Signatory,
  bundle: Bundle,
  action: Digest,
): Promise<Result<Digest | null>> {
  const { by } = signatory;
  const digest = bundleDigest(bundle);
  return sayPolicy<null>(signatory, ({ trust, active, proposed }, place) => {
    if (!mayPropose(trust, by.id)) return notYours(by.id);
    const known = active.get(bundleKey(bundle));
    if (proposed.has(digest) || (known !== undefined && bundleDigest(bundleIn(known)) === digest)) {
      return done(null);
    }
    const body = proposeBundle({ ...place, action, bundle, by });
    return done({ draft: { stream: 'policy', kind: 'policy.proposed', body } });
  });
}

/**
 * Signs and records that a bundle is not proposed any more. Answers the digest of the entry. Refuses
 * `grant.unknown` where it is not proposed, and `policy.not-signer`.
 */
export function withdrawProposed(
  signatory: Signatory,
  { bundle, reason }: { readonly bundle: Digest; readonly reason: string },
): Promise<Result<Digest>> {
  const { by } = signatory;
  return sayPolicy<never>(signatory, ({ trust, proposed }, place) => {
    if (!mayPropose(trust, by.id)) return notYours(by.id);
    if (!proposed.has(bundle)) return refused('grant.unknown', `${bundle} is not proposed`);
    const envelope = withdrawProposal({ ...place, bundle, reason }, by);
    const kind = 'policy.proposal-withdrawn';
    return done({ draft: { stream: 'policy', kind, body: { envelope } } });
  });
}

function notYours(key: string): Result<never> {
  return refused('policy.not-signer', `${key} is trusted neither to approve nor to sign policies`);
}
