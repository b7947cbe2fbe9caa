import { isEqual } from './equality.ts';
import { isLong } from './long.ts';
import { node, type Code, type Node } from './node.ts';
import {
  expectedBoolean,
  ExtensionValue,
  Failure,
  failureOf,
  isPrimitive,
  type Value,
} from './value.ts';

function asBoolean(value: Value | Failure): boolean | Failure {
  return typeof value === 'boolean' ? value : failureOf(value, expectedBoolean);
}

export function and(left: Node, right: Node): Node {
  const [first, second] = [left.run, right.run];
  return node((frame) => {
    const value = first(frame);
    return value === true ? asBoolean(second(frame)) : asBoolean(value);
  });
}

export function or(left: Node, right: Node): Node {
  const [first, second] = [left.run, right.run];
  return node((frame) => {
    const value = first(frame);
    return value === false ? asBoolean(second(frame)) : asBoolean(value);
  });
}

export function not(operand: Node): Node {
  const { run } = operand;
  return node((frame) => {
    const value = asBoolean(run(frame));
    return value instanceof Failure ? value : !value;
  });
}

export function conditional(guard: Node, yes: Node, no: Node): Node {
  const [test, then, otherwise] = [guard.run, yes.run, no.run];
  return node((frame) => {
    const value = asBoolean(test(frame));
    if (value instanceof Failure) return value;
    return value ? then(frame) : otherwise(frame);
  });
}

export function equal(left: Node, right: Node): Node {
  if (right.constant !== undefined && isPrimitive(right.constant)) {
    return node(equalsPrimitive(left.run, right.constant));
  }
  if (left.constant !== undefined && isPrimitive(left.constant)) {
    return node(equalsPrimitive(right.run, left.constant));
  }
  const [first, second] = [left.run, right.run];
  return node((frame) => {
    const a = first(frame);
    if (a instanceof Failure) return a;
    const b = second(frame);
    return b instanceof Failure ? b : isEqual(a, b);
  });
}

function equalsPrimitive(run: Code, constant: Value): Code {
  return (frame) => {
    const value = run(frame);
    if (value === constant) return true;
    return value instanceof Failure ? value : false;
  };
}

const notComparable = new Failure('type error: expected two longs, datetimes or durations');

/** `<` when strict, else `<=`; Cedar writes the other two as negations of these. */
export function less(left: Node, right: Node, strict: boolean): Node {
  const [first, second] = [left.run, right.run];
  return node((frame) => {
    const a = first(frame);
    const b = second(frame);
    if (typeof a === 'number' && typeof b === 'number') return strict ? a < b : a <= b;
    return lessSlow(a, b, strict);
  });
}

function lessSlow(a: Value | Failure, b: Value | Failure, strict: boolean): boolean | Failure {
  if (a instanceof Failure) return a;
  if (b instanceof Failure) return b;
  if (isLong(a) && isLong(b)) return strict ? a < b : a <= b;
  if (!isTime(a) || !isTime(b) || a.type !== b.type) return notComparable;
  return strict ? a.amount < b.amount : a.amount <= b.amount;
}

function isTime(value: Value): value is ExtensionValue {
  return (
    value instanceof ExtensionValue && (value.type === 'datetime' || value.type === 'duration')
  );
}
