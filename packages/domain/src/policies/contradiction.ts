import { isJsonObject, recordText, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { atomOf, type Atom, type Pattern } from './atom.ts';

/** Ways in which a condition can hold; over so many it is not looked into. */
const maxWays = 64;

/** Whole numbers between two bounds that are tried one by one. */
const maxTried = 64;

/** All atoms of one of these have to hold. */
type Way = readonly Atom[];

const unknown: readonly Way[] = [[]];

/**
 * The member of the request, such as `context.depth`, of which the conditions of a rule ask what
 * nothing satisfies. Sound: undefined where some request may satisfy them, or where it cannot be
 * told. Conditions that are false as they are written are refused before, when a bundle is built.
 */
export function contradictedMember(policy: JsonObject): string | undefined {
  const { conditions } = policy;
  let ways = unknown;
  for (const clause of Array.isArray(conditions) ? (conditions as readonly Json[]) : []) {
    if (!isJsonObject(clause)) continue;
    ways = both(ways, waysOf(clause['body'], clause['kind'] === 'when'));
  }
  let first: string | undefined;
  for (const way of ways) {
    const member = excludedIn(way);
    if (member === undefined) return undefined;
    first ??= member;
  }
  return first;
}

/**
 * Whether one clause of a rule is so for every request, where it can be evaluated. Sound: false where
 * some request may not satisfy it, or where it cannot be told.
 */
export function isAlwaysSo(clause: Json): boolean {
  if (!isJsonObject(clause) || !isJsonObject(clause['body'])) return false;
  const ways = waysOf(clause['body'], clause['kind'] !== 'when');
  return ways.every((way) => excludedIn(way) !== undefined);
}

/** How an expression can be true, or false where it is `negated`; no way where it cannot. */
function waysOf(expression: Json | undefined, holds: boolean): readonly Way[] {
  if (!isJsonObject(expression)) return unknown;
  const { '&&': and, '||': or, '!': not, Value: value } = expression;
  if (typeof value === 'boolean') return value === holds ? unknown : [];
  if (isJsonObject(not)) return waysOf(not['arg'], !holds);
  for (const [joined, isBoth] of [
    [and, holds],
    [or, !holds],
  ] as const) {
    if (!isJsonObject(joined)) continue;
    const left = waysOf(joined['left'], holds);
    const right = waysOf(joined['right'], holds);
    return isBoth ? both(left, right) : either(left, right);
  }
  const same = ofTheSame(expression);
  if (same !== undefined) return same === holds ? unknown : [];
  const atom = atomOf(expression, holds);
  return atom === undefined ? unknown : [[atom]];
}

/** What a comparison of something with itself comes to; undefined for any other expression. */
function ofTheSame(expression: JsonObject): boolean | undefined {
  const [op = ''] = Object.keys(expression);
  const sides = expression[op];
  if (!isJsonObject(sides) || !Object.hasOwn(reflexive, op)) return undefined;
  return recordText(sides['left']) === recordText(sides['right']) ? reflexive[op] : undefined;
}

const reflexive: Readonly<Record<string, boolean>> = {
  ...{ '==': true, '<=': true, '>=': true },
  ...{ '!=': false, '<': false, '>': false },
};

function either(left: readonly Way[], right: readonly Way[]): readonly Way[] {
  const ways = [...left, ...right];
  return ways.length > maxWays ? unknown : ways;
}

/** Of what is too much, one side says less than both, and no more. */
function both(left: readonly Way[], right: readonly Way[]): readonly Way[] {
  if (left.length * right.length > maxWays) return left;
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

/** A member that nothing can be if all of these hold. */
function excludedIn(way: Way): string | undefined {
  return way.map(({ member }) => member).find((member) => isExcluded(testsOf(way, member)));
}

function testsOf(way: Way, member: string): readonly Atom[] {
  return way.filter((atom) => atom.member === member);
}

function isExcluded(atoms: readonly Atom[]): boolean {
  const listed = atoms.flatMap(({ test }) => (test.kind === 'among' ? [test.values] : []));
  const [candidates] = listed;
  if (candidates !== undefined) return !candidates.some((value) => satisfiesAll(value, atoms));
  const ranges = atoms.flatMap(({ test }) => (test.kind === 'range' ? [test] : []));
  const patterns = atoms.flatMap(({ test }) => (test.kind === 'like' ? [test] : []));
  // A text is no number.
  if (ranges.length > 0 && patterns.length > 0) return true;
  if (ranges.length > 0) {
    const least = Math.max(...ranges.map(({ least: each }) => each));
    const most = Math.min(...ranges.map(({ most: each }) => each));
    return hasNoNumber(least, most, atoms);
  }
  return patterns.some((one) => patterns.some((other) => areApart(one, other)));
}

function hasNoNumber(least: number, most: number, atoms: readonly Atom[]): boolean {
  if (least > most) return true;
  if (!(most - least < maxTried)) return false;
  for (let value = least; value <= most; value += 1) if (satisfiesAll(value, atoms)) return false;
  return true;
}

function satisfiesAll(value: Json, atoms: readonly Atom[]): boolean {
  return atoms.every(({ test }) => {
    switch (test.kind) {
      case 'among':
        return test.values.includes(value as never);
      case 'not-among':
        return !test.values.includes(value as never);
      case 'range':
        return typeof value === 'number' && value >= test.least && value <= test.most;
      case 'like':
        return typeof value === 'string' && matches(value, test);
    }
  });
}

/** Whether no text begins, or none ends, as both patterns ask. */
function areApart(one: Pattern, other: Pattern): boolean {
  const begins = one.head.startsWith(other.head) || other.head.startsWith(one.head);
  return !begins || !(one.tail.endsWith(other.tail) || other.tail.endsWith(one.tail));
}

function matches(text: string, { head, between, tail }: Pattern): boolean {
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const piece of between) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at + tail.length <= text.length && text.endsWith(tail);
}
