import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { compileCedar, type PolicyRequest } from '@chancery/kernel/policy';

const everything: JsonObject = { Value: true };

/** What a rule asks, its scope and all of its conditions, as one expression of Cedar. */
export function formulaOf(policy: JsonObject): JsonObject {
  const { conditions } = policy;
  const clauses = Array.isArray(conditions) ? (conditions as readonly Json[]) : [];
  const parts = [
    ...(['principal', 'action', 'resource'] as const).flatMap((variable) =>
      scopePart(variable, policy[variable]),
    ),
    ...clauses.flatMap((clause) => {
      if (!isJsonObject(clause) || !isJsonObject(clause['body'])) return [];
      return [clause['kind'] === 'unless' ? { '!': { arg: clause['body'] } } : clause['body']];
    }),
  ];
  return (
    parts.reduce<JsonObject | undefined>(
      (left, right) => (left === undefined ? right : { '&&': { left, right } }),
      undefined,
    ) ?? everything
  );
}

function scopePart(variable: string, scope: Json | undefined): readonly JsonObject[] {
  if (!isJsonObject(scope)) return [];
  const { op, entity, entities, entity_type: type, in: within } = scope;
  const left = { Var: variable };
  if (op === 'is') {
    const target = isJsonObject(within) ? { in: valueOf(within['entity']) } : {};
    return [{ is: { left, entity_type: type as Json, ...target } }];
  }
  if (op !== '==' && op !== 'in') return [];
  const right = Array.isArray(entities)
    ? { Set: (entities as readonly Json[]).map(valueOf) }
    : valueOf(entity);
  return [{ [op]: { left, right } }];
}

/** An entity as it stands within an expression; a scope writes it without its wrapping. */
function valueOf(entity: Json | undefined): JsonObject {
  return { Value: { __entity: entity as Json } };
}

/** Whether an expression holds for a question; undefined where it fails to evaluate. */
export type Truth = (expression: JsonObject, request: PolicyRequest) => boolean | undefined;

/** Evaluates as policy does. Each expression is compiled once. */
export function evaluating(): Truth {
  const compiled = new Map<JsonObject, ReturnType<typeof compiledRule>>();
  return (expression, request) => {
    const known = compiled.get(expression) ?? compiledRule(expression);
    compiled.set(expression, known);
    if (!known.ok) return undefined;
    const { decision, errors } = known.value(request);
    return errors.length > 0 ? undefined : decision === 'allow';
  };
}

function compiledRule(expression: JsonObject) {
  const any = { op: 'All' };
  const scope = { principal: any, action: any, resource: any };
  const conditions = [{ kind: 'when', body: expression }];
  return compileCedar({ staticPolicies: { asked: { effect: 'permit', ...scope, conditions } } });
}

/** Members of a question that an expression reads, as `Change` names them. */
export function membersOf(expression: JsonObject): readonly string[] {
  const found = new Set<string>();
  collectMembers(expression, found);
  return [...found];
}

function collectMembers(expression: Json, found: Set<string>): void {
  const member = memberOf(expression);
  if (member !== undefined) {
    found.add(member);
  } else if (Array.isArray(expression)) {
    for (const item of expression as readonly Json[]) collectMembers(item, found);
  } else if (isJsonObject(expression)) {
    for (const [op, operands] of Object.entries(expression)) {
      if (op !== 'Value') collectMembers(operands, found);
    }
  }
}

/** The member that an expression reads and nothing else; what it asks to be there, too. */
function memberOf(expression: Json | undefined): string | undefined {
  if (!isJsonObject(expression)) return undefined;
  const { Var: variable } = expression;
  if (typeof variable === 'string') return variable === 'context' ? undefined : variable;
  const access = expression['.'] ?? expression['has'];
  if (!isJsonObject(access)) return undefined;
  const { left, attr } = access;
  const name = Array.isArray(attr) ? (attr as readonly string[]).join('.') : attr;
  if (typeof name !== 'string') return undefined;
  if (isJsonObject(left) && left['Var'] === 'context') return name;
  const outer = memberOf(left);
  if (outer === 'principal') return outer;
  if (outer === 'resource' && name === 'name') return outer;
  return outer === undefined ? undefined : `${outer}.${name}`;
}
