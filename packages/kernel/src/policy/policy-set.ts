import { done, refusal, type Refusal, type Result } from '../refusal/index.ts';
import { bundleIn, countingOn, repositoryOf, type ActiveBundle } from './active.ts';
import { checkBundle, policySetDigest } from './bundle.ts';
import { Frame } from './frame.ts';
import { levels, type Bundle, type PolicyRequest, type PolicySet } from './model.ts';
import { narrowedDigest, type RunPolicies } from './run-policies.ts';
import { compileLevel } from './level.ts';
import { decideLevels, type LevelRules } from './verdict.ts';

/** What is active, which the policies of a run can narrow. */
export interface ActiveSet extends PolicySet {
  /**
   * The set of one run: a level of its own, below all others, that has to permit as well. The same
   * where the run has none.
   */
  readonly narrowedBy: (own: RunPolicies) => PolicySet;
}

/**
 * Compiles the bundles of all levels. Several bundles of one level are one set, in which every id
 * is there once. One that is for a repository counts where the request is about that one, and is as
 * if it were not there anywhere else. Without any bundle all is denied. Refuses with
 * `policy.invalid`, also for a bundle of another level that is for a repository.
 */
export function compilePolicySet(bundles: readonly ActiveBundle[]): Result<ActiveSet> {
  for (const active of bundles) {
    const wrong = checkBundle(bundleIn(active)) ?? checkScope(active);
    if (wrong !== undefined) return { ok: false, refusal: wrong };
  }
  const elsewhere = compileLevels(countingOn(bundles, undefined));
  if (!elsewhere.ok) return elsewhere;
  const compiled = new Map<string, readonly LevelRules[]>();
  for (const repository of new Set(bundles.flatMap((each) => repositoryOf(each) ?? []))) {
    const there = compileLevels(countingOn(bundles, repository));
    if (!there.ok) return there;
    compiled.set(repository, there.value);
  }
  const levelsOn = ({ context: { repository } }: PolicyRequest): readonly LevelRules[] =>
    (typeof repository === 'string' ? compiled.get(repository) : undefined) ?? elsewhere.value;
  const digest = policySetDigest(bundles);
  const decide: PolicySet['decide'] = (request) =>
    decideLevels(levelsOn(request), new Frame(request));
  return done({ digest, decide, narrowedBy: narrowing({ digest, decide }, levelsOn) });
}

function narrowing(
  set: PolicySet,
  levelsOn: (request: PolicyRequest) => readonly LevelRules[],
): ActiveSet['narrowedBy'] {
  const known = new WeakMap<RunPolicies, PolicySet>();
  return (own) => {
    const { level, digests } = own;
    if (level === undefined) return set;
    const made = known.get(own) ?? {
      digest: narrowedDigest(set.digest, digests),
      decide: (request) => {
        const above = levelsOn(request);
        // Where nothing is active nothing is permitted, whatever a run says.
        return decideLevels(above.length === 0 ? [] : [...above, level], new Frame(request));
      },
    };
    known.set(own, made);
    return made;
  };
}

function checkScope(active: ActiveBundle): Refusal | undefined {
  const { level, name } = bundleIn(active);
  if (repositoryOf(active) === undefined || level === 'repository') return undefined;
  return refusal('policy.invalid', `the bundle ${name} is of the level ${level}, of no repository`);
}

function compileLevels(bundles: readonly Bundle[]): Result<readonly LevelRules[]> {
  const compiled: LevelRules[] = [];
  for (const level of levels) {
    const ofLevel = bundles.filter((bundle) => bundle.level === level);
    if (ofLevel.length === 0) continue;
    const rules = compileLevel(level, ofLevel);
    if (!rules.ok) return rules;
    if (!liftsOnly(rules.value)) compiled.push(rules.value);
  }
  return done(compiled);
}

/** What lifts holds and does nothing else makes no level: there is nothing at it to be lifted. */
function liftsOnly({ enforcement }: LevelRules): boolean {
  return enforcement.length > 0 && enforcement.every(({ kind }) => kind === 'lift');
}
