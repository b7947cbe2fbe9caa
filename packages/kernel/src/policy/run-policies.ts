import { envelopeOf, objectDigest, type Digest, type Json, type KeyId } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { bundleDigest, checkBundle, readBundle } from './bundle.ts';
import { compileLevel } from './level.ts';
import type { Bundle } from './model.ts';
import type { LevelRules } from './verdict.ts';

/** The policies of one run alone, compiled. */
export interface RunPolicies {
  readonly bundles: readonly Bundle[];
  readonly digests: readonly Digest[];
  /** Undefined where there are none. */
  readonly level: LevelRules | undefined;
}

/** Of a run that has no policy of its own. */
export const noRunPolicies: RunPolicies = { bundles: [], digests: [], level: undefined };

/**
 * Compiles the policies of one run, which are one level. Refuses `policy.invalid`, also for a bundle of
 * another level, and for a rule that lifts holds: a run lifts none.
 */
export function compileRunPolicies(bundles: readonly Bundle[]): Result<RunPolicies> {
  if (bundles.length === 0) return done(noRunPolicies);
  for (const bundle of bundles) {
    const wrong = checkBundle(bundle);
    if (wrong !== undefined) return { ok: false, refusal: wrong };
    if (bundle.level !== 'run') {
      return refused(
        'policy.invalid',
        `${bundle.name} is of the level ${bundle.level}, not of a run`,
      );
    }
  }
  const level = compileLevel('run', bundles, true);
  if (!level.ok) return level;
  const lift = level.value.enforcement.find(({ lifts }) => lifts !== undefined);
  if (lift !== undefined) {
    return refused(
      'policy.invalid',
      `${lift.mark.id} lifts a hold, and the policy of a run lifts none`,
      {
        details: { rule: lift.mark.id },
      },
    );
  }
  return done({ bundles, digests: bundles.map(bundleDigest), level: level.value });
}

/**
 * Digest of the set by which a run is decided: over what is active and over the run's own policies, in
 * whatever order they are given. That of what is active where it has none.
 */
export function narrowedDigest(active: Digest, own: readonly Digest[]): Digest {
  if (own.length === 0) return active;
  return objectDigest('policy-set', { active, run: [...own].sort() });
}

/** What a run records of a policy of its own; the envelope as it was read. */
interface RecordedRunPolicy {
  readonly bundle: Digest;
  readonly envelope: Json | undefined;
}

/**
 * Reads the policies that a run has recorded as its own, each signed by the key that the run acts as.
 * Refuses `envelope.invalid` and `policy.invalid`.
 */
export function readRunPolicies(
  recorded: readonly RecordedRunPolicy[],
  actor: KeyId,
): Result<RunPolicies> {
  const bundles: Bundle[] = [];
  for (const { bundle: named, envelope } of recorded) {
    const form = envelope === undefined ? undefined : envelopeOf(envelope);
    if (form === undefined) {
      return refused('envelope.invalid', `the policy ${named} of the run is no envelope`);
    }
    const read = readBundle(form);
    if (!read.ok) return read;
    const { bundle, digest, signers } = read.value;
    if (digest !== named) return refused('policy.invalid', `the bundle has the digest ${digest}`);
    if (!signers.includes(actor)) {
      return refused('policy.invalid', `${bundle.name} is not signed by the key of the run`);
    }
    bundles.push(bundle);
  }
  return compileRunPolicies(bundles);
}
