import { effects, risks } from '@chancery/kernel/contract';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import type { Bundle, Level } from '@chancery/kernel/policy';
import { contradictedMember, isAlwaysSo } from './contradiction.ts';

export type WarningCode =
  | 'permits-everything'
  | 'forbids-everything'
  | 'permits-nothing'
  | 'never-matches'
  | 'always-so'
  | 'same-rule'
  | 'only-watched'
  | 'no-example';

/** Something that is allowed in a policy and is hardly meant. */
export interface PolicyWarning {
  readonly code: WarningCode;
  /** Null for one of the policy as a whole. */
  readonly rule: string | null;
  readonly message: string;
}

/** A rule of a bundle in Cedar's JSON form, which the building of the bundle has checked. */
interface Rule {
  readonly id: string;
  readonly policy: JsonObject;
  readonly isShadow: boolean;
}

/**
 * What whoever wrote a bundle should look at: rules that permit or forbid everything, that can
 * never match, or that say what another says. `capabilities` are the names that there are.
 */
export function lint(bundle: Bundle, capabilities: ReadonlySet<string>): readonly PolicyWarning[] {
  const rules = rulesOf(bundle);
  const narrows = isNarrowing(bundle.level, rules);
  return [
    ...rules.flatMap((rule) => (narrows && rule.policy['effect'] === 'permit' ? [] : broad(rule))),
    ...rules.flatMap((rule) => impossible(rule, capabilities)),
    ...rules.flatMap(contradictory),
    ...rules.flatMap(vacuous),
    ...repeated(rules),
    ...empty(rules),
  ];
}

/** Whether bundles of one level permit no action at all; sound, as what they ask together may be more. */
export function permitsNothing(bundles: readonly Bundle[]): boolean {
  const rules = bundles.flatMap(rulesOf).filter(({ isShadow }) => !isShadow);
  const mayPermit = ({ policy }: Rule): boolean =>
    policy['effect'] === 'permit' && contradictedMember(policy) === undefined;
  const forbidsAll = (rule: Rule): boolean =>
    rule.policy['effect'] === 'forbid' && !holds(rule) && isUnconditional(rule.policy);
  return !rules.some(mayPermit) || rules.some(forbidsAll);
}

function holds({ policy: { annotations } }: Rule): boolean {
  return isJsonObject(annotations) && Object.hasOwn(annotations, 'hold');
}

function rulesOf({ policies }: Bundle): readonly Rule[] {
  return Object.entries(policies.staticPolicies).flatMap(([id, policy]) => {
    if (!isJsonObject(policy)) return [];
    const annotations = policy['annotations'];
    const isShadow = isJsonObject(annotations) && Object.hasOwn(annotations, 'shadow');
    return [{ id, policy, isShadow }];
  });
}

/** A level below the tenant permits what the levels above leave, and then forbids: all must permit. */
function isNarrowing(level: Level, rules: readonly Rule[]): boolean {
  const isBelow = level === 'repository' || level === 'run';
  return (
    isBelow && rules.some(({ policy, isShadow }) => policy['effect'] === 'forbid' && !isShadow)
  );
}

function broad(rule: Rule): readonly PolicyWarning[] {
  const { id, policy, isShadow } = rule;
  if (isShadow || !isUnconditional(policy)) return [];
  if (policy['effect'] === 'permit') {
    const message = `${id} permits every action, whatever it is`;
    return [{ code: 'permits-everything', rule: id, message }];
  }
  const message = `${id} ${holds(rule) ? 'holds' : 'forbids'} every action, whatever it is`;
  return [{ code: 'forbids-everything', rule: id, message }];
}

function isUnconditional(policy: JsonObject): boolean {
  const { conditions } = policy;
  const scope = ['principal', 'action', 'resource'].map((variable) => policy[variable]);
  return (
    scope.every((part) => isJsonObject(part) && part['op'] === 'All') &&
    Array.isArray(conditions) &&
    (conditions as readonly Json[]).every(isAlwaysSo)
  );
}

/** A condition that asks for nothing, in a rule that is not broad by it: that is told as such. */
function vacuous({ id, policy, isShadow }: Rule): readonly PolicyWarning[] {
  const { conditions } = policy;
  if (!isShadow && isUnconditional(policy)) return [];
  const clauses = Array.isArray(conditions) ? (conditions as readonly Json[]) : [];
  if (!clauses.some(isAlwaysSo)) return [];
  const message = `${id}: a condition of it is always so, and asks for nothing`;
  return [{ code: 'always-so', rule: id, message }];
}

/** Words of the schema, by the member of the context or of the capability that holds them. */
const words: Readonly<Record<string, readonly string[]>> = { effect: effects, risk: risks };

function impossible({ id, policy }: Rule, capabilities: ReadonlySet<string>): PolicyWarning[] {
  const warnings: PolicyWarning[] = [];
  const warn = (message: string): void => {
    warnings.push({ code: 'never-matches', rule: id, message: `${id}: ${message}` });
  };
  const { resource, conditions } = policy;
  const entity = isJsonObject(resource) ? resource['entity'] : undefined;
  if (isJsonObject(entity) && isJsonObject(resource))
    nameCheck(resource['op'], entity, { capabilities, warn });
  visit(conditions ?? null, (node) => {
    const word = wrongWord(node);
    if (word !== undefined) warn(`there is no ${word.member} ${JSON.stringify(word.value)}`);
  });
  return warnings;
}

function nameCheck(
  op: Json | undefined,
  { type, id }: JsonObject,
  {
    capabilities,
    warn,
  }: { readonly capabilities: ReadonlySet<string>; readonly warn: (message: string) => void },
): void {
  const name = typeof id === 'string' ? id : '';
  if (type === 'Capability' && op === '==' && !capabilities.has(name)) {
    warn(`there is no capability ${JSON.stringify(name)}`);
  }
  if (
    type === 'CapabilityGroup' &&
    ![...capabilities].some((known) => known === name || known.startsWith(`${name}.`))
  ) {
    warn(`no capability is in the group ${JSON.stringify(name)}`);
  }
}

/** A comparison of `effect` or `risk` with what neither ever is. */
function wrongWord(
  node: JsonObject,
): { readonly member: string; readonly value: string } | undefined {
  const compared = node['=='];
  if (!isJsonObject(compared)) return undefined;
  const { left, right } = compared;
  for (const [side, other] of [
    [left, right],
    [right, left],
  ]) {
    const member = memberOf(side);
    const value = isJsonObject(other) ? other['Value'] : undefined;
    const known = member === undefined ? undefined : words[member];
    if (member === undefined || known === undefined || typeof value !== 'string') continue;
    if (!known.includes(value)) return { member, value };
  }
  return undefined;
}

/** Name of the member that an expression reads of the context or of the capability. */
function memberOf(expression: Json | undefined): string | undefined {
  const access = isJsonObject(expression) ? expression['.'] : undefined;
  if (!isJsonObject(access)) return undefined;
  const { left, attr } = access;
  const variable = isJsonObject(left) ? left['Var'] : undefined;
  const isKnown = variable === 'context' || variable === 'resource';
  return isKnown && typeof attr === 'string' && Object.hasOwn(words, attr) ? attr : undefined;
}

function visit(value: Json, see: (node: JsonObject) => void): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) visit(item, see);
  } else if (isJsonObject(value)) {
    see(value);
    for (const member of Object.values(value)) visit(member, see);
  }
}

/** Conditions that no request can satisfy together. */
function contradictory({ id, policy }: Rule): readonly PolicyWarning[] {
  const member = contradictedMember(policy);
  if (member === undefined) return [];
  const why = `its conditions on ${member} exclude each other`;
  return [{ code: 'never-matches', rule: id, message: `${id}: ${why}` }];
}

/** Rules that differ in their annotations at most, and of which one alone would do the same. */
function repeated(rules: readonly Rule[]): readonly PolicyWarning[] {
  const known = new Map<string, string>();
  return rules.flatMap((rule) => {
    const { id, policy, isShadow } = rule;
    const asked = Object.entries(policy).filter(([member]) => member !== 'annotations');
    const key = JSON.stringify([asked, isShadow, holds(rule)]);
    const before = known.get(key);
    known.set(key, before ?? id);
    if (before === undefined) return [];
    const message = `${id} asks for the same as ${before}, and does the same`;
    return [{ code: 'same-rule', rule: id, message }];
  });
}

function empty(rules: readonly Rule[]): readonly PolicyWarning[] {
  if (rules.length > 0 && rules.every(({ isShadow }) => isShadow)) {
    const message = 'every rule is only watched: nothing is permitted by this policy';
    return [{ code: 'only-watched', rule: null, message }];
  }
  if (rules.some(({ policy, isShadow }) => policy['effect'] === 'permit' && !isShadow)) return [];
  const message = 'no rule permits anything: its level denies every action';
  return [{ code: 'permits-nothing', rule: null, message }];
}
