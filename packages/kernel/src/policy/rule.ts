import { isJsonObject, type Json, type JsonObject } from '../encoding/index.ts';
import { membersOf, textOf, entityOf } from './constant.ts';
import { compileExpression } from './expression.ts';
import { and, not } from './logic.ts';
import { Malformed, type Code, type Node } from './node.ts';
import { noSlots, readScope, type Scope, type Slots } from './scope.ts';

/** One compiled policy. */
export interface Rule {
  readonly id: string;
  /** Position among the rules of its set, which are in code unit order of their ids. */
  readonly order: number;
  readonly effect: 'permit' | 'forbid';
  readonly scope: Scope;
  /** Undefined when the scope alone decides. */
  readonly condition: Code | undefined;
  /** As it stands in its set, in Cedar's JSON form. */
  readonly policy: Json;
  /** By name; an annotation without a value has the empty one. */
  readonly annotations: ReadonlyMap<string, string>;
}

interface Source {
  readonly id: string;
  readonly policy: Json;
  readonly slots: Slots;
}

/**
 * Compiles a set of policies: `{staticPolicies, templates?, templateLinks?}`, a template only
 * where a link gives values to its slots.
 * @throws {Malformed} for anything else.
 */
export function compileRules(policies: JsonObject): readonly Rule[] {
  const parts = membersOf(policies, ['staticPolicies'], ['templates', 'templateLinks']);
  const fixed = Object.entries(objectOf(parts['staticPolicies'])).map(([id, policy]): Source => ({
    id,
    policy,
    slots: noSlots,
  }));
  const sources = [...fixed, ...readLinks(parts['templates'] ?? {}, parts['templateLinks'] ?? [])];
  sources.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return sources.map((source, order) => {
    if (order > 0 && sources[order - 1]?.id === source.id) {
      throw new Malformed(`two policies have the id ${source.id}`);
    }
    return compileRule(source, order);
  });
}

function objectOf(value: Json | undefined): JsonObject {
  if (!isJsonObject(value)) throw new Malformed('policies are not an object by id');
  return value;
}

function readLinks(templates: Json, links: Json): Source[] {
  const unlinked = new Map(Object.entries(objectOf(templates)));
  const known = new Map(unlinked);
  if (!Array.isArray(links)) throw new Malformed('the links of templates are not a list');
  const sources = (links as readonly Json[]).map((link): Source => {
    const { templateId, newId, values } = membersOf(link, ['templateId', 'newId', 'values']);
    const policy = known.get(textOf(templateId));
    if (policy === undefined) throw new Malformed('a link names a template that is not there');
    unlinked.delete(textOf(templateId));
    const slots = Object.entries(objectOf(values)).map(
      ([slot, uid]) => [slot, entityOf(uid)] as const,
    );
    return { id: textOf(newId), policy, slots: new Map(slots) };
  });
  const [left] = unlinked.keys();
  if (left !== undefined) throw new Malformed(`the template ${left} is not linked`);
  return sources;
}

const policyMembers = ['effect', 'principal', 'action', 'resource', 'conditions'];

function compileRule({ id, policy, slots }: Source, order: number): Rule {
  try {
    const parts = membersOf(policy, policyMembers, ['annotations']);
    const effect = parts['effect'];
    if (effect !== 'permit' && effect !== 'forbid') {
      throw new Malformed('the effect is neither permit nor forbid');
    }
    const scope = readScope(parts, slots);
    const condition = compileConditions(parts['conditions'])?.run;
    const annotations = readAnnotations(parts['annotations'] ?? {});
    return { id, order, effect, scope, condition, policy, annotations };
  } catch (error) {
    if (error instanceof Malformed) throw new Malformed(`policy ${id}: ${error.message}`);
    throw error;
  }
}

function compileConditions(clauses: Json | undefined): Node | undefined {
  if (!Array.isArray(clauses)) throw new Malformed('the conditions are not a list');
  const nodes = (clauses as readonly Json[]).map((clause) => {
    const { kind, body } = membersOf(clause, ['kind', 'body']);
    const condition = compileExpression(body);
    if (kind === 'unless') return not(condition);
    if (kind !== 'when') throw new Malformed('a condition is neither when nor unless');
    return condition;
  });
  return nodes.length === 0 ? undefined : nodes.reduce((left, right) => and(left, right));
}

function readAnnotations(value: Json): ReadonlyMap<string, string> {
  const entries = Object.entries(objectOf(value));
  return new Map(entries.map(([name, text]) => [name, text === null ? '' : textOf(text)]));
}
