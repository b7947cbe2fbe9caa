import { maxDepth } from './canonical.ts';

/**
 * Why a value has no text that can be recorded; undefined where `recordText` gives one at the same
 * `depth`. Never throws.
 */
export function whyUnrecordable(value: unknown, depth = maxDepth): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? undefined : 'a string holds a lone surrogate';
    case 'number':
      return Number.isSafeInteger(value) ? undefined : 'a number is not a safe integer';
    case 'boolean':
      return undefined;
    case 'object':
      if (value === null) return undefined;
      if (depth === 0) return 'it is nested too deeply';
      return Array.isArray(value)
        ? whyUnrecordableItems(value, depth - 1)
        : whyUnrecordableMembers(value, depth - 1);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return `a value of type ${typeof value} is not JSON`;
  }
}

function whyUnrecordableItems(items: readonly unknown[], depth: number): string | undefined {
  for (let index = 0; index < items.length; index += 1) {
    const why = whyUnrecordable(items[index], depth);
    if (why !== undefined) return why;
  }
  return undefined;
}

function whyUnrecordableMembers(object: object, depth: number): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    return 'an object of a class is not JSON';
  }
  for (const [key, member] of Object.entries(object)) {
    // A member that is undefined is left out.
    if (member === undefined) continue;
    const why = key.isWellFormed() ? whyUnrecordable(member, depth) : whyUnrecordable(key);
    if (why !== undefined) return why;
  }
  return undefined;
}
