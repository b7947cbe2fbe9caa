import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';

export type Literal = string | number | boolean;

/** What is asked of one member. */
export type Test =
  | { readonly kind: 'among' | 'not-among'; readonly values: readonly Literal[] }
  /** Whole numbers, both ends included. */
  | { readonly kind: 'range'; readonly least: number; readonly most: number }
  | Pattern;

/** Texts that begin with the head, end with the tail, and have what is between in its order. */
export interface Pattern {
  readonly kind: 'like';
  readonly head: string;
  readonly between: readonly string[];
  readonly tail: string;
}

type Comparison = '==' | '!=' | '<' | '>=' | '<=' | '>';

/** A condition on one member of the request, such as `context.depth`. */
export interface Atom {
  readonly member: string;
  readonly test: Test;
}

/** The operator that asks the opposite. */
const opposites: Readonly<Record<Comparison, Comparison>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '<=': '>',
  '>': '<=',
};

/** The operator that asks the same with its sides exchanged. */
const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
};

/**
 * The condition that an expression is where it holds, or where it does not; undefined for one that
 * is not looked into.
 */
export function atomOf(expression: JsonObject, holds: boolean): Atom | undefined {
  const [op] = Object.keys(expression);
  const sides = op === undefined ? undefined : expression[op];
  if (op === undefined || !isJsonObject(sides)) return undefined;
  if (op === '.') {
    const member = memberOf(expression);
    return member === undefined ? undefined : { member, test: { kind: 'among', values: [holds] } };
  }
  if (op === 'like') return likeOf(sides, holds);
  if (op === 'contains') return containedIn(sides, holds);
  return isComparison(op) ? comparedBy(op, sides, holds) : undefined;
}

function isComparison(op: string): op is Comparison {
  return Object.hasOwn(mirrored, op);
}

function comparedBy(op: Comparison, { left, right }: JsonObject, holds: boolean): Atom | undefined {
  const [own, other] = [memberOf(left), memberOf(right)];
  const value = literalOf(own === undefined ? left : right);
  const member = own ?? other;
  if (member === undefined || value === undefined) return undefined;
  const turned = own === undefined ? mirrored[op] : op;
  const asked = holds ? turned : opposites[turned];
  const test = testOf(asked, value);
  return test && { member, test };
}

function testOf(op: Comparison, value: Literal): Test | undefined {
  if (op === '==') return { kind: 'among', values: [value] };
  if (op === '!=') return { kind: 'not-among', values: [value] };
  if (typeof value !== 'number') return undefined;
  const [least, most] = [-Infinity, Infinity];
  const bounds: Readonly<Record<Exclude<Comparison, '==' | '!='>, Test>> = {
    '<': { kind: 'range', least, most: value - 1 },
    '<=': { kind: 'range', least, most: value },
    '>': { kind: 'range', least: value + 1, most },
    '>=': { kind: 'range', least: value, most },
  };
  return bounds[op];
}

/** That a text is not like a pattern is not looked into. */
function likeOf({ left, pattern }: JsonObject, holds: boolean): Atom | undefined {
  const member = memberOf(left);
  if (member === undefined || !holds || !Array.isArray(pattern)) return undefined;
  const pieces: string[] = [];
  let last = '';
  for (const element of pattern as readonly Json[]) {
    const literal = isJsonObject(element) ? element['Literal'] : undefined;
    if (element === 'Wildcard') {
      pieces.push(last);
      last = '';
    } else if (typeof literal === 'string') last += literal;
    else return undefined;
  }
  const [head, ...between] = pieces;
  if (head === undefined) return { member, test: { kind: 'among', values: [last] } };
  return { member, test: { kind: 'like', head, between, tail: last } };
}

/** A member that is an element of a set that is written out. */
function containedIn({ left, right }: JsonObject, holds: boolean): Atom | undefined {
  const member = memberOf(right);
  const elements = isJsonObject(left) ? left['Set'] : undefined;
  if (member === undefined || !Array.isArray(elements)) return undefined;
  const values = (elements as readonly Json[]).map(literalOf);
  if (!values.every((value) => value !== undefined)) return undefined;
  return { member, test: { kind: holds ? 'among' : 'not-among', values } };
}

function literalOf(expression: Json | undefined): Literal | undefined {
  const value = isJsonObject(expression) ? expression['Value'] : undefined;
  return typeof value === 'object' || value === undefined ? undefined : value;
}

function memberOf(expression: Json | undefined): string | undefined {
  if (!isJsonObject(expression)) return undefined;
  if (typeof expression['Var'] === 'string') return expression['Var'];
  const access = expression['.'];
  if (!isJsonObject(access) || typeof access['attr'] !== 'string') return undefined;
  const of = memberOf(access['left']);
  return of === undefined ? undefined : `${of}.${access['attr']}`;
}
