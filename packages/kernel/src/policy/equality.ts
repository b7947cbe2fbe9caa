import { isSameEntity, lift } from './frame.ts';
import {
  ExtensionValue,
  Failure,
  isRecord,
  isSet,
  Reference,
  type RecordValue,
  type Value,
} from './value.ts';

/** Cedar's equality: false across types, sets by membership, records by member. */
export function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Reference) return b instanceof Reference && isSameEntity(a, b);
  if (a instanceof ExtensionValue) return b instanceof ExtensionValue && isSameExtension(a, b);
  if (isSet(a)) return isSet(b) && isSubset(a, b) && isSubset(b, a);
  return isRecord(b) && isSameRecord(a, b);
}

function isSameExtension(a: ExtensionValue, b: ExtensionValue): boolean {
  return a.type === b.type && a.amount === b.amount && a.prefix === b.prefix;
}

function isSameRecord(a: RecordValue, b: RecordValue): boolean {
  const names = Object.keys(a).filter((name) => a[name] !== undefined);
  const others = Object.keys(b).filter((name) => b[name] !== undefined);
  return (
    names.length === others.length &&
    names.every((name) => Object.hasOwn(b, name) && areEqual(a[name], b[name]))
  );
}

function areEqual(a: Value | undefined, b: Value | undefined): boolean {
  const first = lift(a);
  const second = lift(b);
  // What is no value is equal to nothing.
  if (first instanceof Failure || second instanceof Failure) return false;
  return isEqual(first, second);
}

/** Whether a set has an element equal to `element`. */
export function contains(set: readonly Value[], element: Value): boolean {
  if (typeof element !== 'object') return set.includes(element);
  return set.some((member) => typeof member === 'object' && areEqual(member, element));
}

/** Whether all elements of `part` are in `whole`. */
export function isSubset(part: readonly Value[], whole: readonly Value[]): boolean {
  return part.every((element) => {
    const lifted = lift(element);
    return !(lifted instanceof Failure) && contains(whole, lifted);
  });
}

/** Whether some element is in both. */
export function intersects(a: readonly Value[], b: readonly Value[]): boolean {
  return a.some((element) => {
    const lifted = lift(element);
    return !(lifted instanceof Failure) && contains(b, lifted);
  });
}
