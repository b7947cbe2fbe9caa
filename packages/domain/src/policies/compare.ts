import { canonicalText, isJsonObject, type Json } from '@chancery/kernel/encoding';
import {
  bundleIn,
  repositoryOf,
  type ActiveBundle,
  type Bundle,
  type Level,
} from '@chancery/kernel/policy';

/** What of a rule can change. */
export type RulePart = 'effect' | 'scope' | 'condition' | 'annotations';

/** How a rule of one bundle became that of another. */
export type RuleChange =
  | { readonly kind: 'added' | 'removed'; readonly rule: string }
  | { readonly kind: 'changed'; readonly rule: string; readonly parts: readonly RulePart[] };

const members: Readonly<Record<RulePart, readonly string[]>> = {
  effect: ['effect'],
  scope: ['principal', 'action', 'resource'],
  condition: ['conditions'],
  annotations: ['annotations'],
};
const parts = Object.keys(members) as readonly RulePart[];

/** How the rules differ, by their ids, in the order of these. Layout and comments are no difference. */
export function compareBundles(before: Bundle | undefined, after: Bundle): readonly RuleChange[] {
  const old = before?.policies.staticPolicies ?? {};
  const now = after.policies.staticPolicies;
  const ids = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return ids.flatMap((rule): readonly RuleChange[] => {
    if (!Object.hasOwn(old, rule)) return [{ kind: 'added', rule }];
    if (!Object.hasOwn(now, rule)) return [{ kind: 'removed', rule }];
    const changed = parts.filter((part) => textOf(old[rule], part) !== textOf(now[rule], part));
    return changed.length === 0 ? [] : [{ kind: 'changed', rule, parts: changed }];
  });
}

/** A rule by which more may be permitted than before. */
export interface Widening {
  /** `permits`: it comes to a level that had rules. `gone`: it is no more, and may have forbidden or failed. */
  readonly how: 'permits' | 'gone';
  readonly effect: 'permit' | 'forbid';
  readonly level: Level;
  /** Name of its bundle. */
  readonly policy: string;
  readonly rule: string;
}

/**
 * Rules by which the bundles of `after` may permit what those of `before` do not. Never none where
 * they do; there may be some where no action makes the difference.
 */
export function wideningsOf(
  before: Iterable<ActiveBundle>,
  after: Iterable<ActiveBundle>,
): readonly Widening[] {
  const old = [...before].flatMap(rulesOf);
  const now = [...after].flatMap(rulesOf);
  const levels = new Set(old.map(({ level }) => level));
  const had = new Set(old.map(({ text }) => text));
  const has = new Set(now.map(({ text }) => text));
  const told = (how: Widening['how'], { level, policy, rule, forbids }: PlacedRule): Widening => ({
    ...{ how, effect: forbids ? 'forbid' : 'permit', level, policy, rule },
  });
  return [
    ...old.filter(({ text }) => !has.has(text)).map((each) => told('gone', each)),
    ...now
      .filter(({ level, text, forbids }) => levels.has(level) && !forbids && !had.has(text))
      .map((each) => told('permits', each)),
  ];
}

/** Whether the bundles of `after` may permit what those of `before` do not; see `wideningsOf`. */
export function mayPermitMore(
  before: Iterable<ActiveBundle>,
  after: Iterable<ActiveBundle>,
): boolean {
  return wideningsOf(before, after).length > 0;
}

interface PlacedRule {
  readonly level: Level;
  readonly policy: string;
  readonly rule: string;
  /** All that makes it this rule and no other. */
  readonly text: string;
  readonly forbids: boolean;
}

function rulesOf(active: ActiveBundle): readonly PlacedRule[] {
  const { level, name, policies } = bundleIn(active);
  const where = repositoryOf(active) ?? null;
  return Object.entries(policies.staticPolicies).map(([rule, policy]) => {
    const forbids = isJsonObject(policy) && policy['effect'] === 'forbid';
    const text = canonicalText([level, where, rule, policy]);
    return { level, policy: name, rule, text, forbids };
  });
}

function textOf(policy: Json | undefined, part: RulePart): string {
  if (!isJsonObject(policy)) return '';
  return canonicalText(members[part].map((member) => policy[member] ?? null));
}
