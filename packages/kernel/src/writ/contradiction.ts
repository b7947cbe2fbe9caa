import { commonPattern } from './host.ts';
import type { ArgumentPredicate, Predicate } from './model.ts';
import { holdsForText, isUnder } from './predicate.ts';

/** A set of hosts in common with another. */
function commonHosts(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.flatMap((one) => b.flatMap((other) => commonPattern(one, other) ?? []));
}

function listed(predicate: ArgumentPredicate): readonly string[] | undefined {
  if (predicate.op === 'is') return [predicate.value];
  return predicate.op === 'in' ? predicate.values : undefined;
}

/** Whether no text satisfies all of these conditions on it. */
function excludeEveryText(conditions: readonly ArgumentPredicate[]): boolean {
  const values = conditions.map(listed).find((list) => list !== undefined);
  if (values !== undefined) {
    return !values.some((text) => conditions.every((each) => holdsForText(each, text)));
  }
  const roots = conditions.flatMap((each) => (each.op === 'under' ? [each.value] : []));
  const apart = roots.some((a) => roots.some((b) => !isUnder(a, b) && !isUnder(b, a)));
  const hosts = conditions.flatMap((each) => (each.op === 'host-in' ? [each.values] : []));
  return apart || (hosts.length > 0 && hosts.reduce(commonHosts).length === 0);
}

function excludeEveryValue(conditions: readonly ArgumentPredicate[]): boolean {
  // A number satisfies `at-most` alone, and a text every condition but that.
  const numbers = conditions.filter(({ op }) => op === 'at-most');
  if (numbers.length > 0) return numbers.length < conditions.length;
  return excludeEveryText(conditions);
}

/**
 * A condition that cannot hold together with the others on the same argument, on the programs or on the manifest:
 * such a grant admits nothing. Sound; undefined where it cannot tell.
 */
export function contradiction(where: readonly Predicate[]): Predicate | undefined {
  for (const predicate of where) {
    // An action that reaches no host satisfies all that are put on hosts.
    if (predicate.op === 'hosts-in') continue;
    if (!('arg' in predicate)) {
      const sets = where.flatMap((each) => (each.op === predicate.op ? [each.values] : []));
      const common = predicate.values.filter((name) => sets.every((set) => set.includes(name)));
      if (common.length === 0) return predicate;
      continue;
    }
    const { arg } = predicate;
    const about = where.flatMap((each) => ('arg' in each && each.arg === arg ? [each] : []));
    if (excludeEveryValue(about)) return predicate;
  }
  return undefined;
}
