import { type Digest } from '@chancery/kernel/encoding';
import { type Draft } from '@chancery/kernel/ledger';
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
import { appendPolicy } from './activating.ts';
import { type Signatory } from './signatory.ts';

/**
 * Signs and records that a bundle is proposed, to remember an approved action. It decides nothing
 * before who may sign policies activates it. Answers the digest of the entry; null where it is
 * proposed or active already. Refuses `policy.not-signer` for a key that neither approves nor signs
 * policies.
 */
export async function proposePolicy(
  signatory: Signatory,
  bundle: Bundle,
  action: Digest,
): Promise<Result<Digest | null>> {
  const { ledger, by, authority } = signatory;
  const digest = bundleDigest(bundle);
  for (;;) {
    const standing = await authority.policies();
    const { trust, active, proposed, head } = standing;
    if (!mayPropose(trust, by.id)) return notYours(by.id);
    const known = active.get(bundleKey(bundle));
    if (proposed.has(digest) || (known !== undefined && bundleDigest(bundleIn(known)) === digest)) {
      return done(null);
    }
    const body = proposeBundle({ ledger, after: head?.digest ?? ledger, action, bundle, by });
    const draft: Draft = { stream: 'policy', kind: 'policy.proposed', body };
    const written = await appendPolicy(signatory, standing, { draft, blobs: [] });
    if (written !== undefined) return done(written);
  }
}

/**
 * Signs and records that a bundle is not proposed any more. Answers the digest of the entry. Refuses
 * `grant.unknown` where it is not proposed, and `policy.not-signer`.
 */
export async function withdrawProposed(
  signatory: Signatory,
  { bundle, reason }: { readonly bundle: Digest; readonly reason: string },
): Promise<Result<Digest>> {
  const { ledger, by, authority } = signatory;
  for (;;) {
    const standing = await authority.policies();
    const { trust, proposed, head } = standing;
    if (!mayPropose(trust, by.id)) return notYours(by.id);
    if (!proposed.has(bundle)) return refused('grant.unknown', `${bundle} is not proposed`);
    const after = head?.digest ?? ledger;
    const envelope = withdrawProposal({ ledger, after, bundle, reason }, by);
    const kind = 'policy.proposal-withdrawn';
    const draft: Draft = { stream: 'policy', kind, body: { envelope } };
    const written = await appendPolicy(signatory, standing, { draft, blobs: [] });
    if (written !== undefined) return done(written);
  }
}

function notYours(key: string): Result<never> {
  return refused('policy.not-signer', `${key} is trusted neither to approve nor to sign policies`);
}
