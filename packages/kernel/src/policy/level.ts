import type { Json, JsonObject } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { compileRuleSet } from './cedar.ts';
import { readEnforcement, type Enforcement } from './enforcement.ts';
import type { Bundle, Level } from './model.ts';
import type { LevelRules } from './verdict.ts';

/** The rules of several bundles as one level. Refuses `policy.invalid`, also where an id is there twice. */
export function compileLevel(
  level: Level,
  bundles: readonly Bundle[],
  ofRun = false,
): Result<LevelRules> {
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
  return done({ level, ofRun, ruleSet: ruleSet.value, enforcement });
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
