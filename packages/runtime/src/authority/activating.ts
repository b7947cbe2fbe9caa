import {
  changedUnder,
  liftedBy,
  looseLifts,
  rulesCalled,
  unreachableHolds,
  type UnreachableHold,
} from '@chancery/domain/policies';
import type { Digest, Envelope } from '@chancery/kernel/encoding';
import {
  activateBundle,
  activeOn,
  bundleDigest,
  bundleIn,
  bundleKey,
  compilePolicySet,
  policySetDigest,
  recordedActivation,
  repositoryOf,
  retireBundle,
  type ActiveBundle,
  type Bundle,
} from '@chancery/kernel/policy';
import { done, refusal, refused, type Refusal, type Result } from '@chancery/kernel/refusal';
import { legislate } from './legislating.ts';
import type { ActiveBundles } from './policy-state.ts';
import type { Signatory } from './signatory.ts';

/** The bundles that would be active with this one, which takes the place of its level and name. */
export function setWith(active: ActiveBundles, bundle: ActiveBundle): readonly ActiveBundle[] {
  return [...new Map(active).set(bundleKey(bundleIn(bundle)), bundle).values()];
}

export interface Activating {
  /** The bundle as its authors have signed it, which says where it is from and gives no authority. */
  readonly signed?: Envelope | undefined;
  /** The one repository that it is to decide on, of the level `repository`; undefined for all. */
  readonly repository?: string | undefined;
}

function isSame(known: ActiveBundle, bundle: Bundle, repository: string | undefined): boolean {
  return (
    bundleDigest(bundleIn(known)) === bundleDigest(bundle) && repositoryOf(known) === repository
  );
}

/**
 * Signs and records that a bundle decides from here on, in the place of one of its level and name.
 * Answers the digest of the entry; null where it is active already, and nothing is recorded.
 * Refuses `policy.not-signer`, `policy.invalid` where the set would not compile: an activation of a
 * wrong key, or of such a set, would stop everybody who reads it; and `approval.unreachable` for a
 * rule that holds for more votes than its channel, as it is defined, can give.
 */
export function activatePolicy(
  signatory: Signatory,
  bundle: Bundle,
  { signed, repository }: Activating = {},
): Promise<Result<Digest | null>> {
  const { by } = signatory;
  return legislate<null>(signatory, (standing, place) => {
    const { active, channels } = standing;
    const known = active.get(bundleKey(bundle));
    if (known !== undefined && isSame(known, bundle, repository)) return done(null);
    if (known !== undefined && repositoryOf(known) !== repository) {
      return { ok: false, refusal: elsewhere(known) };
    }
    const bundles = setWith(active, activeOn(bundle, repository));
    const compiled = compilePolicySet(bundles);
    if (!compiled.ok) return compiled;
    const loose = looselyLifted([...active.values()], bundles, bundle);
    if (loose !== undefined) return { ok: false, refusal: loose };
    // Where nobody has defined the channel, more keys may come to be trusted for approving.
    const unreachable = unreachableHolds([bundle], standing).find(({ channel }) =>
      channels.has(channel),
    );
    if (unreachable !== undefined) return { ok: false, refusal: neverReleased(unreachable) };
    const activation = activateBundle({
      ...{ ...place, bundle, signed, repository, by },
      policySet: policySetDigest(bundles),
    });
    const { body, blobs } = recordedActivation(activation);
    return done({ draft: { stream: 'policy', kind: 'policy.activated', body }, blobs });
  });
}

/**
 * What lifts a hold names the rule as it stands, and not by its id alone, which may come to hold
 * something else. Of what was activated before that was asked, the rule does not change meanwhile.
 */
function looselyLifted(
  active: readonly ActiveBundle[],
  next: readonly ActiveBundle[],
  bundle: Bundle,
): Refusal | undefined {
  const [loose] = looseLifts([bundle]);
  if (loose !== undefined) {
    const [digest] = rulesCalled(next, loose);
    const remedy =
      digest === undefined
        ? `Activate the rule ${loose.lifts} first.`
        : `Write @digest("${digest}") beside @lifts: that is ${loose.lifts} as it stands.`;
    const message = `${loose.rule} lifts whatever is called ${loose.lifts}`;
    return refusal('policy.invalid', message, { details: { rule: loose.rule }, remedy });
  }
  const under = changedUnder(active, next);
  if (under === undefined) return undefined;
  const message = `${under.rule} of ${under.bundle} would lift what ${under.lifts} comes to hold`;
  return refusal('policy.invalid', message, {
    details: { rule: under.lifts },
    remedy: `Retire ${under.bundle} first: it was approved for the rule as it is.`,
  });
}

/** One policy of a name and level stands for one place: another would silently take it away there. */
export function elsewhere(known: ActiveBundle): Refusal {
  const { name, level } = bundleIn(known);
  const where = repositoryOf(known) ?? 'every repository';
  return refusal('policy.invalid', `${name} of the level ${level} decides on ${where} already`, {
    remedy: 'Give this one another --name, or retire that one first.',
  });
}

/** That a rule would hold for good what it says is to be asked about. */
export function neverReleased({ rule, channel, quorum, approvers }: UnreachableHold): Refusal {
  const few = `${rule} holds for ${quorum} votes on ${channel}, where ${approvers} may answer`;
  return refusal('approval.unreachable', few, { details: { rule, channel } });
}

/** Whether a bundle decides on every repository, and does more than to lift holds. */
function decidesEverywhere(active: ActiveBundle): boolean {
  return repositoryOf(active) === undefined && liftedBy(bundleIn(active)) === undefined;
}

/** Names an active bundle, with why it is to decide no more. */
export interface Retiring extends Pick<Bundle, 'level' | 'name'> {
  readonly reason: string;
}

/**
 * Signs and records that an active bundle decides no more. Answers the digest of the entry; null where
 * none of this level and name is active. Refuses `policy.not-signer`, and `policy.invalid` for the
 * last one: nothing would be permitted any more, and to stop everything there is a control.
 */
export function retirePolicy(
  signatory: Signatory,
  { reason, ...named }: Retiring,
): Promise<Result<Digest | null>> {
  return legislate<null>(signatory, ({ active }, place) => {
    const retired = active.get(bundleKey(named));
    if (retired === undefined) return done(null);
    const bundle = bundleIn(retired);
    const left = [...active.values()].filter((other) => other !== retired);
    if (!left.some(decidesEverywhere)) {
      return refused('policy.invalid', 'it is the last policy: without any, nothing is permitted', {
        remedy: 'Activate another one first. To stop everything, use `chancery halt`.',
      });
    }
    const policySet = policySetDigest(left);
    const body = retireBundle({ ...place, reason, bundle, policySet, by: signatory.by });
    return done({ draft: { stream: 'policy', kind: 'policy.retired', body } });
  });
}
