import { type Json, type JsonObject } from '../encoding/index.ts';
import { done, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { bundleIn, countingOn, repositoryOf, type ActiveBundle } from './active.ts';
import { checkBundle, policySetDigest } from './bundle.ts';
import { compileRuleSet } from './cedar.ts';
import { readEnforcement, type Enforcement } from './enforcement.ts';
import { Frame } from './frame.ts';
import { levels, type Bundle, type Level, type PolicySet } from './model.ts';
import { decideLevels, type LevelRules } from './verdict.ts';

/**
 * Compiles the bundles of all levels. Several bundles of one level are one set, in which every id
 * is there once. One that is for a repository counts where the request is about that one, and is as
 * if it were not there anywhere else. Without any bundle all is denied. Refuses with
 * `policy.invalid`, also for a bundle of another level that is for a repository.
 */
export function compilePolicySet(bundles: readonly ActiveBundle[]): Result<PolicySet> {
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
  return done({
    digest: policySetDigest(bundles),
    decide: (request) => {
      const { repository } = request.context;
      const there = typeof repository === 'string' ? compiled.get(repository) : undefined;
      return decideLevels(there ?? elsewhere.value, new Frame(request));
    },
  });
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

function compileLevel(level: Level, bundles: readonly Bundle[]): Result<LevelRules> {
  const policies = unite(bundles);
  if (!policies.ok) return policies;
  const ruleSet = compileRuleSet(policies.value);
  if (!ruleSet.ok) return ruleSet;
  const enforcement: Enforcement[] = [];
  for (const rule of ruleSet.value.rules) {
    const read = readEnforcement(rule, level);
    if (!read.ok) return read;
    enforcement.push(read.value);
  }
  return done({ level, ruleSet: ruleSet.value, enforcement });
}

/** The static policies of all bundles; bundles hold no templates. */
function unite(bundles: readonly Bundle[]): Result<JsonObject> {
  const policies = new Map<string, Json>();
  for (const { name, level, policies: own } of bundles) {
    for (const [id, policy] of Object.entries(own.staticPolicies)) {
      if (policies.has(id)) {
        const message = `bundle ${name}: the level ${level} has a policy ${id} already`;
        return refused('policy.invalid', message, { details: { rule: id } });
      }
      policies.set(id, policy);
    }
  }
  return done({ staticPolicies: Object.fromEntries(policies) });
}
