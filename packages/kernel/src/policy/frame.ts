import type { CedarEntity, EntityUid, PolicyRequest } from './model.ts';
import { Failure, isSet, Reference, type RecordValue, type Value } from './value.ts';
import { extensionFunction } from './extension.ts';

/** A request while policies are evaluated against it. */
export class Frame {
  readonly principal: Reference;
  readonly action: Reference;
  readonly resource: Reference;
  readonly context: RecordValue;
  private readonly entities: readonly CedarEntity[];

  constructor(request: PolicyRequest) {
    this.principal = new Reference(request.principal);
    this.action = new Reference(request.action);
    this.resource = new Reference(request.resource);
    this.context = request.context as RecordValue;
    this.entities = request.entities;
  }

  find(uid: EntityUid): CedarEntity | undefined {
    for (const entity of this.entities) {
      if (isSameEntity(entity.uid, uid)) return entity;
    }
    return undefined;
  }

  /** The entity itself and all its ancestors; an entity that is unknown has none. */
  lineage(uid: EntityUid): readonly EntityUid[] {
    const line = [uid];
    for (let index = 0; index < line.length; index += 1) {
      const parents = this.find(line[index] ?? uid)?.parents ?? [];
      for (const parent of parents) {
        if (!line.some((known) => isSameEntity(known, parent))) line.push(parent);
      }
    }
    return line;
  }

  /** Whether `uid` is `target` or below it. */
  isIn(uid: EntityUid, target: EntityUid): boolean {
    if (isSameEntity(uid, target)) return true;
    const parents = this.find(uid)?.parents;
    if (parents === undefined || parents.length === 0) return false;
    return this.lineage(uid).some((ancestor) => isSameEntity(ancestor, target));
  }
}

export function isSameEntity(a: EntityUid, b: EntityUid): boolean {
  return a.id === b.id && a.type === b.type;
}

const notAValue = new Failure('a value of the request is not one of Cedar');

/**
 * Gives a member of a record or an element of a set its form for evaluation: resolves Cedar's JSON
 * escapes, and fails for what Cedar's values cannot be (null, a fraction, an unsafe integer).
 */
export function lift(value: Value | undefined): Value | Failure {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : notAValue;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'object' && (value as Value | null) !== null) return liftObject(value);
  return typeof value === 'bigint' ? value : notAValue;
}

function liftObject(value: Value & object): Value | Failure {
  if (isSet(value)) return value;
  if ('__entity' in value) return liftReference(value['__entity']);
  if ('__extn' in value) return liftExtension(value['__extn']);
  return value;
}

function liftReference(uid: Value | undefined): Value | Failure {
  if (typeof uid !== 'object' || !('type' in uid && 'id' in uid)) return notAValue;
  const { type, id } = uid as RecordValue;
  if (typeof type !== 'string' || typeof id !== 'string') return notAValue;
  return new Reference({ type, id });
}

function liftExtension(call: Value | undefined): Value | Failure {
  if (typeof call !== 'object' || !('fn' in call && 'arg' in call)) return notAValue;
  const { fn, arg } = call;
  const known = typeof fn === 'string' ? extensionFunction(fn) : undefined;
  return known?.arity === 1 ? known.call(lift(arg), notAValue) : notAValue;
}
