import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import type { CedarValue, PolicyRequest } from '@chancery/kernel/policy';
import {
  formOf,
  isVariable,
  mostOf,
  textsOf,
  valueAt,
  wordsOf,
  type KnownCapabilities,
  type RequestForm,
} from './request-form.ts';

/** What can be put in place of the members of a question. */
export interface Possible {
  readonly form: RequestForm;
  readonly known: KnownCapabilities;
}

/** A text that no rule means. */
const another = 'another';

/** An agent that no rule means. */
const anotherAgent = `ed25519:${'f'.repeat(64)}`;

type Fields = Readonly<Record<string, CedarValue>>;

/** What is written out in an expression. */
interface Literals {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
  readonly sets: readonly (readonly CedarValue[])[];
  readonly records: readonly Fields[];
  readonly entities: readonly { readonly type: string; readonly id: string }[];
}

/**
 * What a member could be, so far as it can be told from what an expression compares with and from the
 * schema; those first that are near to what it is. Numbers that are in no such place are not among them.
 */
export function candidatesFor(
  member: string,
  expression: JsonObject,
  request: PolicyRequest,
  possible: Possible,
): readonly (CedarValue | undefined)[] {
  const of = formOf(possible.form, member);
  if (of === undefined) return [];
  const literals = literalsIn(expression);
  const present = valueAt(request, member);
  const values = valuesOf(member, { literals, request, possible });
  const absent = of.optional && present !== undefined ? [undefined] : [];
  const told = JSON.stringify(present);
  const different = values.filter((value) => JSON.stringify(value) !== told);
  return [...absent, ...new Map(different.map((each) => [JSON.stringify(each), each])).values()];
}

interface Given {
  readonly literals: Literals;
  readonly request: PolicyRequest;
  readonly possible: Possible;
}

function valuesOf(member: string, given: Given): readonly CedarValue[] {
  const { literals, request, possible } = given;
  if (isVariable(member)) return idsFor(member, given);
  const of = formOf(possible.form, member);
  const words = wordsOf(possible.form, member);
  if (of?.type === 'truth') return [true, false];
  if (of?.type === 'number') {
    return numbersNear(valueAt(request, member), literals.numbers, mostOf(member));
  }
  if (of?.type === 'texts') {
    return setsNear(textsOf(valueAt(request, member)), { literals, words });
  }
  if (of?.type !== 'text') return literals.records;
  return words ?? [...literals.texts, ...textsOf(literals.sets.flat()), another];
}

function idsFor(member: 'principal' | 'action' | 'resource', given: Given): readonly string[] {
  const { literals, request, possible } = given;
  const { type } = request[member];
  const named = literals.entities.flatMap((uid) => (uid.type === type ? [uid.id] : []));
  if (member === 'action') return possible.form.actions;
  if (member === 'principal') return [...named, ...literals.texts, anotherAgent];
  const groups = literals.entities.flatMap(({ type: of, id }) =>
    of === 'CapabilityGroup' ? [id] : [],
  );
  const names = [...possible.known.keys()];
  const inGroups = groups.flatMap((group) => {
    const known = names.filter((name) => name === group || name.startsWith(`${group}.`));
    return known.length > 0 ? known.slice(0, 1) : [group];
  });
  return [...named, ...literals.texts, ...inGroups, another];
}

function numbersNear(
  present: CedarValue | undefined,
  literals: readonly number[],
  most: number,
): readonly number[] {
  const near = typeof present === 'number' ? present : 0;
  const sums = literals.flatMap((a) => literals.flatMap((b) => [a + b, a - b]));
  const all = [0, ...literals, ...sums].flatMap((number) => [number - 1, number, number + 1]);
  return all
    .filter((number) => Number.isSafeInteger(number) && number >= 0 && number <= most)
    .sort((a, b) => Math.abs(a - near) - Math.abs(b - near));
}

function setsNear(
  present: readonly string[],
  {
    literals,
    words,
  }: { readonly literals: Literals; readonly words: readonly string[] | undefined },
): readonly (readonly string[])[] {
  const sets = literals.sets.map(textsOf);
  const named = [...new Set([...literals.texts, ...sets.flat()])];
  const items = words === undefined ? [...named, another] : words;
  const all = [
    ...items.map((item) =>
      present.includes(item) ? present.filter((each) => each !== item) : [...present, item],
    ),
    ...[[], ...sets, named, [...new Set([...present, ...named])]],
    ...items.map((item) => [item]),
    present.filter((item) => !named.includes(item)),
    present.filter((item) => named.includes(item)),
  ];
  return all.filter((set) => words === undefined || set.every((item) => words.includes(item)));
}

function literalsIn(expression: JsonObject): Literals {
  const found: { -readonly [K in keyof Literals]: Literals[K][number][] } = {
    ...{ texts: [], numbers: [], sets: [], records: [], entities: [] },
  };
  visit(expression, (node) => {
    const { Value: value, pattern } = node;
    if (typeof value === 'string') found.texts.push(value);
    if (typeof value === 'number') found.numbers.push(value);
    const entity = isJsonObject(value) ? value['__entity'] : undefined;
    const { type, id } = isJsonObject(entity) ? entity : {};
    if (typeof type === 'string' && typeof id === 'string') found.entities.push({ type, id });
    if (Array.isArray(pattern)) found.texts.push(textLike(pattern as readonly Json[]));
    const constant = constantOf(node);
    if (Array.isArray(constant)) found.sets.push(constant as readonly CedarValue[]);
    else if (typeof constant === 'object') found.records.push(constant as Fields);
  });
  return found;
}

/** A text that a pattern of `like` matches: nothing for each of its wildcards. */
function textLike(pattern: readonly Json[]): string {
  return pattern
    .map((part) =>
      isJsonObject(part) && typeof part['Literal'] === 'string' ? part['Literal'] : '',
    )
    .join('');
}

/** What an expression is where it is written out in whole. */
function constantOf(expression: Json | undefined): CedarValue | undefined {
  if (!isJsonObject(expression)) return undefined;
  const { Value: value, Set: set, Record: record } = expression;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(set)) {
    const items = (set as readonly Json[]).map(constantOf);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isJsonObject(record)) return undefined;
  const members = Object.entries(record).flatMap(([name, of]) => {
    const constant = constantOf(of);
    return constant === undefined ? [] : [[name, constant] as const];
  });
  return Object.fromEntries(members);
}

function visit(value: Json, see: (node: JsonObject) => void): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) visit(item, see);
  } else if (isJsonObject(value)) {
    see(value);
    for (const member of Object.values(value)) visit(member, see);
  }
}
