import type { JsonObject } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { Frame } from './frame.ts';
import type { CedarAnswer, PolicyRequest } from './model.ts';
import { Malformed } from './node.ts';
import { compileRules, type Rule } from './rule.ts';
import { RuleIndex } from './rule-index.ts';
import { expectedBoolean, failureOf, type Failure } from './value.ts';

/** What became of the rules of one set; those that are not satisfied are in neither list. */
export interface Matches {
  /** In the order of the rules. */
  readonly satisfied: readonly Rule[];
  /** In the order of the rules. */
  readonly failed: readonly FailedRule[];
}

export interface FailedRule {
  readonly rule: Rule;
  readonly failure: Failure;
}

/** A compiled set of policies. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly match: (frame: Frame) => Matches;
}

/** Compiles a set of policies in Cedar's JSON format. Refuses with `policy.invalid`. */
export function compileRuleSet(policies: JsonObject): Result<RuleSet> {
  try {
    const rules = compileRules(policies);
    const index = new RuleIndex(rules);
    return done({ rules, match: (frame) => match(index, frame) });
  } catch (error) {
    if (error instanceof Malformed) return refused('policy.invalid', error.message);
    throw error;
  }
}

function match(index: RuleIndex, frame: Frame): Matches {
  const satisfied: Rule[] = [];
  const failed: FailedRule[] = [];
  index.visit(frame, (rule) => {
    const value = rule.condition === undefined ? true : rule.condition(frame);
    if (value === false) return;
    if (value === true) {
      satisfied.push(rule);
    } else {
      failed.push({ rule, failure: failureOf(value, expectedBoolean) });
    }
  });
  if (!areInOrder(satisfied)) satisfied.sort((a, b) => a.order - b.order);
  if (failed.length > 1) failed.sort((a, b) => a.rule.order - b.rule.order);
  return { satisfied, failed };
}

function areInOrder(rules: readonly Rule[]): boolean {
  let last = -1;
  for (const { order } of rules) {
    if (order < last) return false;
    last = order;
  }
  return true;
}

export interface CedarDetail extends CedarAnswer {
  /** Ids of the permits that were satisfied, even when a forbid won; in code unit order. */
  readonly satisfiedPermits: readonly string[];
}

/**
 * Compiles policies in Cedar's JSON policy-set format to a function that answers as Cedar's
 * authorizer does: default deny, forbid over permit, policies that fail are skipped and listed.
 * Refuses with `policy.invalid` what is not in that format, and integers beyond ±(2⁵³−1).
 */
export function compileCedar(
  policies: JsonObject,
): Result<(request: PolicyRequest) => CedarDetail> {
  const compiled = compileRuleSet(policies);
  if (!compiled.ok) return compiled;
  const { match } = compiled.value;
  return done((request) => {
    const { satisfied, failed } = match(new Frame(request));
    const permits = idsOf(satisfied, 'permit');
    const forbids = idsOf(satisfied, 'forbid');
    const errors = failed.map(({ rule }) => rule.id);
    const allowed = forbids.length === 0 && permits.length > 0;
    return {
      decision: allowed ? 'allow' : 'deny',
      reasons: allowed ? permits : forbids,
      errors,
      satisfiedPermits: permits,
    };
  });
}

function idsOf(rules: readonly Rule[], effect: Rule['effect']): string[] {
  return rules.flatMap((rule) => (rule.effect === effect ? [rule.id] : []));
}
