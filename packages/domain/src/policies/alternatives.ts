import { effects } from '@chancery/kernel/contract';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import type { Bundle, CedarValue, PolicyRequest } from '@chancery/kernel/policy';

/** One member of a request that could be another. */
export interface Alternative {
  /** Such as `effect` or `facts.readSecret`; `action` and `resource` are those of the request. */
  readonly member: string;
  /** Undefined where it would not be there. */
  readonly to: CedarValue | undefined;
  readonly apply: (request: PolicyRequest) => PolicyRequest;
}

type Context = PolicyRequest['context'];

/**
 * The values that the rules of bundles compare members with, where they are not those of the
 * request: what can make a difference, as far as it can be told from the rules.
 */
export function alternativesOf(
  request: PolicyRequest,
  bundles: readonly Bundle[],
): readonly Alternative[] {
  const found = new Map<string, Alternative>();
  const add = (member: string, to: CedarValue | undefined): void => {
    if (JSON.stringify(valueAt(request.context, member)) === JSON.stringify(to)) return;
    found.set(`${member} ${JSON.stringify(to)}`, {
      member,
      to,
      apply: (asked) => withMember(asked, member, to),
    });
  };
  for (const bundle of bundles) {
    for (const policy of Object.values(bundle.policies.staticPolicies)) {
      if (isJsonObject(policy)) addOf(policy, request, add);
    }
  }
  return [...found.values()];
}

type Add = (member: string, to: CedarValue | undefined) => void;

function addOf(policy: JsonObject, { context }: PolicyRequest, add: Add): void {
  visit(policy['conditions'] ?? null, (node) => {
    for (const [op, operands] of Object.entries(node)) {
      if (op === '.' || op === 'has') addAccess(node, context, add);
      else if (isJsonObject(operands)) addComparison(op, operands, context, add);
    }
  });
}

/** A truth that is asked for could be the other one, and an optional member could be absent. */
function addAccess(node: JsonObject, context: Context, add: Add): void {
  const member = memberOf(node);
  if (member === undefined) return;
  const present = valueAt(context, member);
  if (typeof present === 'boolean') add(member, !present);
  if (member === 'effect') for (const effect of effects) add(member, effect);
  if (optional.has(member) && present !== undefined) add(member, undefined);
}

/** Members of the published schema that may be absent. */
const optional = new Set([
  ...['arguments', 'path', 'command', 'repository', 'does', 'reads', 'writes'],
]);

/** Those of them that are sets. */
const optionalSets = new Set(['does', 'reads', 'writes']);

function addComparison(op: string, operands: JsonObject, context: Context, add: Add): void {
  const { left, right, pattern } = operands;
  const member = memberOf(left) ?? memberOf(right);
  if (member === undefined) return;
  const other = memberOf(left) === undefined ? left : right;
  const told = valueAt(context, member);
  const present = told === undefined && optionalSets.has(member) ? [] : told;
  if (op === 'like') add(member, textLike(pattern));
  for (const constant of constantsIn(other)) {
    if (Array.isArray(present)) addToSet(member, present as readonly CedarValue[], constant, add);
    else if (typeof constant === 'number') for (const by of [-1, 0, 1]) add(member, constant + by);
    else add(member, constant);
  }
}

function addToSet(
  member: string,
  present: readonly CedarValue[],
  constant: CedarValue,
  add: Add,
): void {
  const without = present.filter((item) => item !== constant);
  add(member, without.length === present.length ? [...present, constant] : without);
}

/** A text that a pattern of `like` matches: nothing for each of its wildcards. */
function textLike(pattern: Json | undefined): CedarValue | undefined {
  if (!Array.isArray(pattern)) return undefined;
  return (pattern as readonly Json[])
    .map((part) =>
      isJsonObject(part) && typeof part['Literal'] === 'string' ? part['Literal'] : '',
    )
    .join('');
}

function constantsIn(expression: Json | undefined): readonly CedarValue[] {
  if (!isJsonObject(expression)) return [];
  const value = expression['Value'];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [value];
  const set = expression['Set'];
  return Array.isArray(set) ? (set as readonly Json[]).flatMap(constantsIn) : [];
}

/** Path of a member of the context that an expression reads, as `facts.readSecret`. */
function memberOf(expression: Json | undefined): string | undefined {
  if (!isJsonObject(expression)) return undefined;
  const access = expression['.'] ?? expression['has'];
  if (!isJsonObject(access) || typeof access['attr'] !== 'string') return undefined;
  const { left, attr } = access;
  if (isJsonObject(left) && left['Var'] === 'context') return attr;
  const outer = memberOf(left);
  return outer === undefined ? undefined : `${outer}.${attr}`;
}

function visit(value: Json, see: (node: JsonObject) => void): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) visit(item, see);
  } else if (isJsonObject(value)) {
    see(value);
    for (const member of Object.values(value)) visit(member, see);
  }
}

function valueAt(context: Context, member: string): CedarValue | undefined {
  let value: CedarValue | undefined = context;
  for (const name of member.split('.')) {
    if (typeof value !== 'object' || Array.isArray(value)) return undefined;
    value = (value as Readonly<Record<string, CedarValue>>)[name];
  }
  return value;
}

/** What is told twice in a request changes in both places. */
const alongside: Readonly<Record<string, (to: CedarValue) => Context>> = {
  effect: (to) => ({ effects: [to] }),
  path: (to) => ({ paths: [to] }),
};

function withMember(
  request: PolicyRequest,
  member: string,
  to: CedarValue | undefined,
): PolicyRequest {
  const also = to === undefined ? undefined : alongside[member]?.(to);
  return { ...request, context: { ...set(request.context, member.split('.'), to), ...also } };
}

function set(
  context: Context,
  [name = '', ...rest]: readonly string[],
  to: CedarValue | undefined,
): Context {
  const { [name]: present, ...others } = context;
  if (rest.length > 0) return { ...others, [name]: set(present as Context, rest, to) };
  return to === undefined ? others : { ...others, [name]: to };
}
