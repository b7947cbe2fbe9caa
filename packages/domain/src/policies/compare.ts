import { canonicalText, isJsonObject, type Json } from '@chancery/kernel/encoding';
import { bundleIn, repositoryOf, type ActiveBundle, type Bundle } from '@chancery/kernel/policy';

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

/**
 * Whether the bundles of `after` may permit what those of `before` do not: where a rule of `before`
 * is no more, since it may have forbidden or failed, or where a permit comes to a level that had
 * rules. Never says no where they do; may say yes where no action makes the difference.
 */
export function mayPermitMore(
  before: Iterable<ActiveBundle>,
  after: Iterable<ActiveBundle>,
): boolean {
  const old = [...before].flatMap(rulesOf);
  const now = [...after].flatMap(rulesOf);
  const levels = new Set(old.map(({ level }) => level));
  const had = new Set(old.map(({ text }) => text));
  const has = new Set(now.map(({ text }) => text));
  return (
    old.some(({ text }) => !has.has(text)) ||
    now.some(({ level, text, forbids }) => levels.has(level) && !forbids && !had.has(text))
  );
}

function rulesOf(active: ActiveBundle) {
  const { level, policies } = bundleIn(active);
  const where = repositoryOf(active) ?? null;
  return Object.entries(policies.staticPolicies).map(([id, rule]) => {
    const forbids = isJsonObject(rule) && rule['effect'] === 'forbid';
    return { level, text: canonicalText([level, where, id, rule]), forbids };
  });
}

function textOf(policy: Json | undefined, part: RulePart): string {
  if (!isJsonObject(policy)) return '';
  return canonicalText(members[part].map((member) => policy[member] ?? null));
}
