import { isJsonObject, type Json, type JsonObject } from '../encoding/index.ts';
import { entityOf, membersOf, textOf } from './constant.ts';
import { isSameEntity, type Frame } from './frame.ts';
import type { EntityUid } from './model.ts';
import { Malformed } from './node.ts';

/** What a policy asks of one variable of the request. */
export type Constraint =
  | { readonly op: 'all' }
  | { readonly op: 'is'; readonly type: string }
  | { readonly op: 'equals'; readonly uid: EntityUid }
  /** In any of `uids`, and of the type when one is given. */
  | { readonly op: 'in'; readonly uids: readonly EntityUid[]; readonly type: string | undefined };

export type ScopeVariable = 'principal' | 'action' | 'resource';

export type Scope = Readonly<Record<ScopeVariable, Constraint>>;

/** Entities that a link puts in place of the slots of its template. */
export type Slots = ReadonlyMap<string, EntityUid>;

export const noSlots: Slots = new Map();

/** Reads the scope of a policy in Cedar's JSON form. */
export function readScope(policy: JsonObject, slots: Slots): Scope {
  return {
    principal: readConstraint(policy['principal'], slots),
    action: readActionConstraint(policy['action']),
    resource: readConstraint(policy['resource'], slots),
  };
}

function opOf(value: Json | undefined): string {
  const op = isJsonObject(value) ? value['op'] : undefined;
  return typeof op === 'string' ? op : '';
}

function readConstraint(value: Json | undefined, slots: Slots): Constraint {
  switch (opOf(value)) {
    case 'All':
      membersOf(value, ['op']);
      return { op: 'all' };
    case '==':
      return { op: 'equals', uid: readTarget(value, slots, ['op']) };
    case 'in':
      return { op: 'in', uids: [readTarget(value, slots, ['op'])], type: undefined };
    case 'is': {
      const { entity_type: type, in: target } = membersOf(value, ['op', 'entity_type'], ['in']);
      if (target === undefined) return { op: 'is', type: textOf(type) };
      return { op: 'in', uids: [readTarget(target, slots, [])], type: textOf(type) };
    }
    default:
      throw new Malformed('the scope of a policy has an unknown operator');
  }
}

function readTarget(value: Json | undefined, slots: Slots, known: readonly string[]): EntityUid {
  if (!isJsonObject(value) || !Object.hasOwn(value, 'slot')) {
    return entityOf(membersOf(value, [...known, 'entity'])['entity']);
  }
  const slot = textOf(membersOf(value, [...known, 'slot'])['slot']);
  const uid = slots.get(slot);
  if (uid === undefined) throw new Malformed(`the slot ${slot} is not linked`);
  return uid;
}

function readActionConstraint(value: Json | undefined): Constraint {
  switch (opOf(value)) {
    case 'All':
      membersOf(value, ['op']);
      return { op: 'all' };
    case '==':
      return { op: 'equals', uid: entityOf(membersOf(value, ['op', 'entity'])['entity']) };
    case 'in': {
      const { entity, entities } = membersOf(value, ['op'], ['entity', 'entities']);
      if (entities === undefined) return { op: 'in', uids: [entityOf(entity)], type: undefined };
      if (entity !== undefined || !Array.isArray(entities)) {
        throw new Malformed('an action is in neither one entity nor a list of them');
      }
      return { op: 'in', uids: (entities as readonly Json[]).map(entityOf), type: undefined };
    }
    default:
      throw new Malformed('the scope of a policy has an unknown operator');
  }
}

/** Whether the request satisfies a constraint on one of its variables. */
export function satisfies(frame: Frame, variable: ScopeVariable, constraint: Constraint): boolean {
  const uid = frame[variable];
  switch (constraint.op) {
    case 'all':
      return true;
    case 'is':
      return uid.type === constraint.type;
    case 'equals':
      return isSameEntity(uid, constraint.uid);
    case 'in':
      return (
        (constraint.type === undefined || uid.type === constraint.type) &&
        constraint.uids.some((target) => frame.isIn(uid, target))
      );
  }
}
