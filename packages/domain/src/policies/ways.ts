import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import type { CedarValue, PolicyRequest } from '@chancery/kernel/policy';
import { candidatesFor, type Possible } from './candidates.ts';
import { membersOf, type Truth } from './formula.ts';
import { changed, formOf, mostOf, valueAt, type Change } from './request-form.ts';

/** A question that an action could have been, and what is other in it. */
export interface Variant {
  readonly changes: readonly Change[];
  readonly request: PolicyRequest;
}

/** What variants are made from, and tried with. */
export interface Trying extends Possible {
  readonly original: PolicyRequest;
  readonly truth: Truth;
}

/** Variants of one condition that are followed; the rest of more is left. */
const maxWays = 24;

/** Candidates of each of two members that are tried together. */
const maxPaired = 12;

/**
 * Variants of a question in which an expression holds, or does not where `holds` is false; the
 * question itself where that is so already. Each of them was evaluated. Not all that there are: those
 * that follow from what the expression compares with.
 */
export function waysTo(
  expression: JsonObject,
  holds: boolean,
  from: Variant,
  trying: Trying,
): readonly Variant[] {
  const isSo = ({ request }: Variant): boolean => trying.truth(expression, request) === holds;
  if (isSo(from)) return [from];
  const parts = partsOf(expression);
  const found = parts === undefined ? atomWays : joinedWays(parts);
  return found(expression, holds, from, trying).filter(isSo).slice(0, maxWays);
}

type Ways = typeof waysTo;

type Parts =
  | { readonly kind: 'not'; readonly arg: JsonObject }
  | { readonly kind: 'and' | 'or'; readonly left: JsonObject; readonly right: JsonObject }
  | {
      readonly kind: 'if';
      readonly guard: JsonObject;
      readonly yes: JsonObject;
      readonly no: JsonObject;
    };

/** Undefined for what compares, or reads one member. */
function partsOf(expression: JsonObject): Parts | undefined {
  const { '!': not, '&&': and, '||': or, 'if-then-else': conditional } = expression;
  if (isJsonObject(not) && isJsonObject(not['arg'])) return { kind: 'not', arg: not['arg'] };
  const joined = and ?? or;
  if (isJsonObject(joined)) {
    const { left, right } = joined;
    if (!isJsonObject(left) || !isJsonObject(right)) return undefined;
    return { kind: and === undefined ? 'or' : 'and', left, right };
  }
  if (!isJsonObject(conditional)) return undefined;
  const { if: guard, then: yes, else: no } = conditional;
  if (!isJsonObject(guard) || !isJsonObject(yes) || !isJsonObject(no)) return undefined;
  return { kind: 'if', guard, yes, no };
}

function joinedWays(parts: Parts): Ways {
  return (_, holds, from, trying) => {
    const then = (
      [first, isFirst]: readonly [JsonObject, boolean],
      [second, isSecond]: readonly [JsonObject, boolean],
    ): readonly Variant[] =>
      waysTo(first, isFirst, from, trying).flatMap((way) => waysTo(second, isSecond, way, trying));
    if (parts.kind === 'not') return waysTo(parts.arg, !holds, from, trying);
    if (parts.kind === 'if') {
      const { guard, yes, no } = parts;
      return [...then([guard, true], [yes, holds]), ...then([guard, false], [no, holds])];
    }
    const { left, right } = parts;
    const isBoth = (parts.kind === 'and') === holds;
    if (isBoth) return then([left, holds], [right, holds]);
    // One side is enough; the right one is looked at only where the left one does not settle it.
    return [...waysTo(left, holds, from, trying), ...then([left, !holds], [right, holds])];
  };
}

const atomWays: Ways = (expression, holds, from, trying) => {
  const members = membersOf(expression);
  const isSo = ({ request }: Variant): boolean => trying.truth(expression, request) === holds;
  const single = members.flatMap((member) => {
    const found = variantsOf(member, expression, from, trying).filter(isSo);
    if (formOf(trying.form, member)?.type !== 'number') return found;
    return nearest(member, [...found, ...reaching(member, isSo, from, trying)], from);
  });
  if (single.length > 0) return single;
  return members.flatMap((first, index) =>
    members.slice(index + 1).flatMap((second) =>
      variantsOf(first, expression, from, trying)
        .slice(0, maxPaired)
        .flatMap((variant) =>
          variantsOf(second, expression, variant, trying).slice(0, maxPaired).filter(isSo),
        ),
    ),
  );
};

/** The one in which a number is nearest to what it is. */
function nearest(
  member: string,
  variants: readonly Variant[],
  { request }: Variant,
): readonly Variant[] {
  const numberIn = (asked: PolicyRequest): number => Number(valueAt(asked, member));
  const farness = (variant: Variant): number =>
    Math.abs(numberIn(variant.request) - numberIn(request));
  return variants.toSorted((a, b) => farness(a) - farness(b)).slice(0, 1);
}

function variantsOf(
  member: string,
  expression: JsonObject,
  from: Variant,
  trying: Trying,
): readonly Variant[] {
  return candidatesFor(member, expression, from.request, trying).map((to) =>
    variantWith(from, { member, to }, trying),
  );
}

/**
 * The nearest number from which on it is so, up or down from what the member is: by steps that double,
 * then by halves.
 */
function reaching(
  member: string,
  isSo: (variant: Variant) => boolean,
  from: Variant,
  trying: Trying,
): readonly Variant[] {
  const present = valueAt(from.request, member);
  if (typeof present !== 'number') return [];
  const at = (number: number): Variant => variantWith(from, { member, to: number }, trying);
  return [1, -1].flatMap((direction) => {
    let [before, step] = [present, 1];
    for (;;) {
      const next = present + direction * step;
      if (next < 0 || next > mostOf(member)) return [];
      if (isSo(at(next))) return [at(firstBetween(before, next, (number) => isSo(at(number))))];
      [before, step] = [next, step * 2];
    }
  });
}

/** `before` is not so, and `reached` is. */
function firstBetween(before: number, reached: number, isSo: (number: number) => boolean): number {
  let [no, yes] = [before, reached];
  while (Math.abs(yes - no) > 1) {
    const middle = no + Math.trunc((yes - no) / 2);
    if (isSo(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** The original with all the changes of a variant and this one, where it is one. */
function variantWith({ changes }: Variant, change: Change, trying: Trying): Variant {
  const others = changes.filter(({ member }) => member !== change.member);
  return variantOf([...others, change], trying);
}

/** Leaves out what is no change of the original. */
export function variantOf(
  changes: readonly Change[],
  { original, known }: Pick<Trying, 'original' | 'known'>,
): Variant {
  const real = changes.filter(({ member, to }) => told(valueAt(original, member)) !== told(to));
  return { changes: real, request: changed(original, real, known) };
}

function told(value: CedarValue | undefined): string {
  return JSON.stringify(value ?? (null as Json));
}
