import { contains, intersects, isSubset } from './equality.ts';
import { node, type Code, type Node } from './node.ts';
import { expectedSet, Failure, failureOf, isPrimitive, isSet, type Value } from './value.ts';

/** The elements of a constant set, when all are primitive. */
function primitivesOf(constant: Value | undefined): ReadonlySet<Value> | undefined {
  if (constant === undefined || !Array.isArray(constant)) return undefined;
  const elements = constant as readonly Value[];
  return elements.every(isPrimitive) ? new Set(elements) : undefined;
}

export function containsElement(set: Node, element: Node): Node {
  const known = primitivesOf(set.constant);
  if (known !== undefined) return node(isOneOf(known, element.run));
  const [first, second] = [set.run, element.run];
  return node((frame) => {
    const a = first(frame);
    const b = second(frame);
    if (a instanceof Failure) return a;
    if (!isSet(a)) return expectedSet;
    return b instanceof Failure ? b : contains(a, b);
  });
}

function isOneOf(known: ReadonlySet<Value>, run: Code): Code {
  return (frame) => {
    const value = run(frame);
    return value instanceof Failure ? value : known.has(value);
  };
}

type SetRule = (a: readonly Value[], b: readonly Value[]) => boolean;

function setOperator(rule: SetRule): (left: Node, right: Node) => Node {
  return (left, right) => {
    const [first, second] = [left.run, right.run];
    return node((frame) => {
      const a = first(frame);
      const b = second(frame);
      if (a instanceof Failure || !isSet(a)) return failureOf(a, expectedSet);
      if (b instanceof Failure || !isSet(b)) return failureOf(b, expectedSet);
      return rule(a, b);
    });
  };
}

export const containsAll = setOperator((whole, part) => isSubset(part, whole));

const containsAnyGeneral = setOperator((a, b) => intersects(a, b));

export function containsAny(left: Node, right: Node): Node {
  const known = primitivesOf(right.constant);
  if (known === undefined) return containsAnyGeneral(left, right);
  const { run } = left;
  return node((frame) => {
    const set = run(frame);
    if (set instanceof Failure || !isSet(set)) return failureOf(set, expectedSet);
    for (const element of set) if (known.has(element)) return true;
    return false;
  });
}

export function isEmpty(operand: Node): Node {
  const { run } = operand;
  return node((frame) => {
    const set = run(frame);
    return set instanceof Failure || !isSet(set) ? failureOf(set, expectedSet) : set.length === 0;
  });
}

/** A set literal. */
export function setOf(elements: readonly Node[]): Node {
  const runs = elements.map(({ run }) => run);
  return node((frame) => {
    const values: Value[] = [];
    for (const run of runs) {
      const value = run(frame);
      if (value instanceof Failure) return value;
      values.push(value);
    }
    return values;
  });
}

/** A record literal. */
export function recordOf(members: readonly (readonly [string, Node])[]): Node {
  const runs = members.map(([name, { run }]) => [name, run] as const);
  return node((frame) => {
    const values: [string, Value][] = [];
    for (const [name, run] of runs) {
      const value = run(frame);
      if (value instanceof Failure) return value;
      values.push([name, value]);
    }
    // Defines own properties, so a member such as __proto__ stays data.
    return Object.fromEntries(values);
  });
}
