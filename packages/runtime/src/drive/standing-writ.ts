import type { KeyId, Signer } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { checkChain, type ReadWrit, type Terms } from '@chancery/kernel/writ';
import { whyNotUsable } from '../authority/index.ts';
import { Journal } from '../journal/index.ts';
import { authoriseDirectly, authoriseUnder, type Authorised } from './authorise.ts';
import type { House } from './house.ts';

export interface StandingRequest {
  /** A key trusted for issuing, or the subject of `parent`. */
  readonly issuer: Signer;
  readonly subject: KeyId;
  /** The writ to carve from; null for a root writ. */
  readonly parent: ReadWrit | null;
  readonly terms: Terms;
}

/** How often it is decided again because what it stands on changed meanwhile. */
const maxAttempts = 16;

/**
 * Issues a writ that runs are to be carved out of, and records it as the start of a run would. When
 * anything refuses, nothing is recorded. Refuses what `issueWrit`, `attenuate` and `checkChain`
 * refuse, `key.invalid` for a subject that cannot sign, `writ.revoked`, `writ.closed` and `budget.exhausted` for what is above, and `ledger.conflict`.
 */
export async function issueStanding(
  house: House,
  request: StandingRequest,
): Promise<Result<ReadWrit>> {
  const { issuer, subject, parent, terms } = request;
  const unusable = whyNotUsable(subject);
  if (unusable !== undefined) return { ok: false, refusal: unusable };
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const authorised =
      parent === null
        ? await authoriseDirectly(house, issuer, terms, subject)
        : await authoriseUnder(house, parent, terms, { issuer, subject });
    if (!authorised.ok) return authorised;
    const recorded = await recordWrit(house, authorised.value, parent);
    if (!recorded.ok) return recorded;
    if (recorded.value) return done(authorised.value.writ);
  }
  return refused('ledger.conflict', 'the keys, the policy or a writ above changed meanwhile');
}

/** Whether it is recorded; not when something that it relies on has changed. */
async function recordWrit(
  house: House,
  { writ, drafts, heads, reads }: Authorised,
  parent: ReadWrit | null,
): Promise<Result<boolean>> {
  const { store, ledger, clock, actor, authority } = house;
  const above = await authority.standing('', parent?.id ?? writ.id);
  // A root writ that was never presented is recorded together with its first child.
  const ancestors = above.chain.length === 0 && parent !== null ? [parent] : above.chain;
  const unfit = checkChain([writ, ...ancestors], above.trust, writ.writ.subject, above.issuedAt);
  if (unfit !== undefined) return { ok: false, refusal: unfit };
  const journal = new Journal({ store, ledger, clock, by: actor.id });
  const written = await journal.append(heads, drafts, { reads });
  if (written.kind === 'conflict') return done(false);
  written.entries.forEach(house.onEntry);
  return done(true);
}
