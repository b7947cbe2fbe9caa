import { type Json, type JsonObject } from '../encoding/index.ts';
import { type Grant, type Predicate } from './model.ts';

/**
 * The names that a relative path leads through, without `.` and empty ones; undefined for what is
 * not a path inside the workspace: absolute, climbing by `..`, empty, or holding NUL.
 */
export function segmentsOf(path: string): readonly string[] | undefined {
  if (path === '' || path.startsWith('/') || path.includes('\u0000')) return undefined;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.includes('..') ? undefined : segments;
}

function isUnder(path: string, root: string): boolean {
  const above = segmentsOf(root);
  const below = segmentsOf(path);
  if (above === undefined || below === undefined) return false;
  // By whole names, never by string prefix: `src` does not hold `src2`.
  return above.every((segment, index) => below[index] === segment);
}

function holdsForText(predicate: Predicate, text: string): boolean {
  switch (predicate.op) {
    case 'under':
      return isUnder(text, predicate.value);
    case 'is':
      return text === predicate.value;
    case 'in':
      return predicate.values.includes(text);
    case 'at-most':
      return false;
  }
}

function holdsFor(predicate: Predicate, value: Json): boolean {
  if (typeof value === 'string') return holdsForText(predicate, value);
  if (typeof value === 'number') {
    return predicate.op === 'at-most' && Number.isSafeInteger(value) && value <= predicate.value;
  }
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item: Json) => typeof item === 'string' && holdsForText(predicate, item));
}

/**
 * Whether normalised arguments satisfy a predicate. Every element of a list of strings must. Fails
 * closed: a missing argument, an empty list and a value of another type do not satisfy any.
 */
export function predicateHolds(predicate: Predicate, args: JsonObject): boolean {
  if (!Object.hasOwn(args, predicate.arg)) return false;
  const value = args[predicate.arg];
  return value !== undefined && holdsFor(predicate, value);
}

/** The first condition of a grant that normalised arguments do not satisfy. */
export function unmetPredicate(grant: Grant, args: JsonObject): Predicate | undefined {
  return grant.where.find((predicate) => !predicateHolds(predicate, args));
}

/** Whether whatever satisfies `narrow` satisfies `wide`. Sound; says no where it cannot tell. */
export function implies(narrow: Predicate, wide: Predicate): boolean {
  if (narrow.arg !== wide.arg) return false;
  switch (narrow.op) {
    case 'under':
      return wide.op === 'under' && isUnder(narrow.value, wide.value);
    case 'is':
      return holdsForText(wide, narrow.value);
    case 'in':
      return narrow.values.every((value) => holdsForText(wide, value));
    case 'at-most':
      return wide.op === 'at-most' && narrow.value <= wide.value;
  }
}
