import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';

export type Literal = string | number | boolean;

/** What is asked of one member. */
export type Test =
  | { readonly kind: 'among' | 'not-among'; readonly values: readonly Literal[] }
  /** Whole numbers, both ends included. */
  | { readonly kind: 'range'; readonly least: number; readonly most: number }
  /** Texts that begin with the first piece, end with the last, and have those between in their order. */
  | { readonly kind: 'like'; readonly pieces: readonly string[] };

/** A condition on one member of the request, such as `context.depth`. */
export interface Atom {
  readonly member: string;
  readonly test: Test;
}

/** The operator that asks the opposite. */
const opposites: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '<=': '>',
  '>': '<=',
};

/** The operator that asks the same with its sides exchanged. */
const mirrored: Readonly<Record<string, string>> = {
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
  return Object.hasOwn(mirrored, op) ? comparedBy(op, sides, holds) : undefined;
}

function comparedBy(op: string, { left, right }: JsonObject, holds: boolean): Atom | undefined {
  const [own, other] = [memberOf(left), memberOf(right)];
  const value = literalOf(own === undefined ? left : right);
  const member = own ?? other;
  if (member === undefined || value === undefined) return undefined;
  const turned = own === undefined ? mirrored[op] : op;
  const asked = holds ? turned : opposites[turned ?? ''];
  const test = testOf(asked ?? '', value);
  return test && { member, test };
}

function testOf(op: string, value: Literal): Test | undefined {
  if (op === '==') return { kind: 'among', values: [value] };
  if (op === '!=') return { kind: 'not-among', values: [value] };
  if (typeof value !== 'number') return undefined;
  const [least, most] = [-Infinity, Infinity];
  const bounds: Readonly<Record<string, Test>> = {
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
  const pieces = [''];
  for (const element of pattern as readonly Json[]) {
    const literal = isJsonObject(element) ? element['Literal'] : undefined;
    if (element === 'Wildcard') pieces.push('');
    else if (typeof literal === 'string') pieces.push(`${pieces.pop() ?? ''}${literal}`);
    else return undefined;
  }
  const [only = ''] = pieces;
  const isExact = pieces.length === 1;
  return { member, test: isExact ? { kind: 'among', values: [only] } : { kind: 'like', pieces } };
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
