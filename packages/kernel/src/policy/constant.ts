import { isJsonObject, type Json, type JsonObject } from '../encoding/index.ts';
import { lift } from './frame.ts';
import type { EntityUid } from './model.ts';
import { constantNode, Malformed, node, type Node } from './node.ts';
import { Failure, type RecordValue, type Value } from './value.ts';

/**
 * The members of a closed object.
 * @throws {Malformed} when one of `required` is missing or one is neither there nor `optional`.
 */
export function membersOf(
  value: Json | undefined,
  required: readonly string[],
  optional: readonly string[] = [],
): JsonObject {
  if (!isJsonObject(value)) throw new Malformed(`expected an object of ${required.join(', ')}`);
  for (const name of required) {
    if (!Object.hasOwn(value, name)) throw new Malformed(`the member ${name} is missing`);
  }
  for (const name of Object.keys(value)) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw new Malformed(`the member ${name} is unknown`);
    }
  }
  return value;
}

export function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Malformed('expected a string');
  return value;
}

/** Reads `{type, id}` or `{__entity: {type, id}}`. */
export function entityOf(value: Json | undefined): EntityUid {
  const wrapped = isJsonObject(value) && Object.hasOwn(value, '__entity');
  const bare = wrapped ? membersOf(value, ['__entity'])['__entity'] : value;
  const { type, id } = membersOf(bare, ['type', 'id']);
  return { type: textOf(type), id: textOf(id) };
}

/** Compiles a literal value; an extension value that is malformed fails when it is evaluated. */
export function constantOf(value: Json): Node {
  const read = readValue(value);
  return read instanceof Failure ? node(() => read) : constantNode(read);
}

function readValue(value: Json): Value | Failure {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Malformed('an integer is beyond ±(2^53-1)');
    return value + 0;
  }
  if (typeof value !== 'object') return value;
  if (value === null) throw new Malformed('null is not a value of Cedar');
  return Array.isArray(value) ? readSet(value) : readObject(value as JsonObject);
}

function readSet(elements: readonly Json[]): readonly Value[] | Failure {
  const values: Value[] = [];
  for (const element of elements) {
    const value = readValue(element);
    if (value instanceof Failure) return value;
    values.push(value);
  }
  return values;
}

function readObject(object: JsonObject): Value | Failure {
  if (Object.hasOwn(object, '__entity')) {
    return lift({ __entity: { ...entityOf(object) } });
  }
  if (Object.hasOwn(object, '__extn')) {
    const { fn, arg } = membersOf(membersOf(object, ['__extn'])['__extn'], ['fn', 'arg']);
    return lift({ __extn: { fn: textOf(fn), arg: textOf(arg) } });
  }
  const members: [string, Value][] = [];
  for (const [name, member] of Object.entries(object)) {
    const value = readValue(member);
    if (value instanceof Failure) return value;
    members.push([name, value]);
  }
  return Object.fromEntries(members) satisfies RecordValue;
}
