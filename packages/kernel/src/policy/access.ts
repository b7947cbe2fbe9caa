import { lift, type Frame } from './frame.ts';
import { node, type Node } from './node.ts';
import {
  expectedEntity,
  expectedString,
  Failure,
  failureOf,
  isRecord,
  isSet,
  Reference,
  type RecordValue,
  type Value,
} from './value.ts';

const notARecord = new Failure('type error: expected a record or an entity');

/** Members of a record or attributes of an entity; undefined for an entity that is unknown. */
function membersOf(value: Value | Failure, frame: Frame): RecordValue | Failure | undefined {
  if (value instanceof Failure) return value;
  if (value instanceof Reference) return frame.find(value)?.attrs as RecordValue | undefined;
  return isRecord(value) ? value : notARecord;
}

function hasMember(members: RecordValue, attr: string): boolean {
  return members[attr] !== undefined && Object.hasOwn(members, attr);
}

/** `left.attr` */
export function attribute(left: Node, attr: string): Node {
  const missing = new Failure(`attribute ${JSON.stringify(attr)} does not exist`);
  const unknown = new Failure('an entity whose attribute is read does not exist');
  if (left.isContext) {
    return node(({ context }) => (hasMember(context, attr) ? lift(context[attr]) : missing));
  }
  const { run } = left;
  return node((frame) => {
    const members = membersOf(run(frame), frame);
    if (members === undefined) return unknown;
    if (members instanceof Failure) return members;
    return hasMember(members, attr) ? lift(members[attr]) : missing;
  });
}

/** `left has attr`; false for an entity that is unknown. */
export function hasAttribute(left: Node, attr: string): Node {
  if (left.isContext) return node(({ context }) => hasMember(context, attr));
  const { run } = left;
  return node((frame) => {
    const members = membersOf(run(frame), frame);
    if (members === undefined) return false;
    return members instanceof Failure ? members : hasMember(members, attr);
  });
}

const unknownTags = new Failure('an entity whose tag is read does not exist');
const noTag = new Failure('the tag does not exist');

function tagOperator(
  rule: (exists: boolean) => Value | Failure,
): (left: Node, right: Node) => Node {
  return (left, right) => {
    const [first, second] = [left.run, right.run];
    return node((frame) => {
      const entity = first(frame);
      const tag = second(frame);
      if (!(entity instanceof Reference)) return failureOf(entity, expectedEntity);
      if (typeof tag !== 'string') return failureOf(tag, expectedString);
      return rule(frame.find(entity) !== undefined);
    });
  };
}

/** Entities of a request bear no tags: `hasTag` is false of every entity, `getTag` fails. */
export const hasTag = tagOperator(() => false);
export const getTag = tagOperator((exists) => (exists ? noTag : unknownTags));

/** `left is type` */
export function isOfType(left: Node, type: string): Node {
  const { run } = left;
  return node((frame) => {
    const value = run(frame);
    return value instanceof Reference ? value.type === type : failureOf(value, expectedEntity);
  });
}

const expectedEntities = new Failure('type error: expected an entity or a set of entities');

/** `left in right`, where `right` is an entity or a set of entities. */
export function isIn(left: Node, right: Node): Node {
  const [first, second] = [left.run, right.run];
  return node((frame) => {
    const entity = first(frame);
    const targets = second(frame);
    if (!(entity instanceof Reference)) return failureOf(entity, expectedEntity);
    if (targets instanceof Reference) return frame.isIn(entity, targets);
    if (targets instanceof Failure || !isSet(targets)) return failureOf(targets, expectedEntities);
    return isInAny(entity, targets, frame);
  });
}

function isInAny(entity: Reference, targets: readonly Value[], frame: Frame): boolean | Failure {
  let found = false;
  // All elements are looked at: one that is no entity is an error even after a match.
  for (const target of targets) {
    const lifted = lift(target);
    if (!(lifted instanceof Reference)) return failureOf(lifted, expectedEntity);
    found ||= frame.isIn(entity, lifted);
  }
  return found;
}
