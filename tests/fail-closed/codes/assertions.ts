import { chai } from 'vitest';

/** Sees that a value was found to be what is expected of it. */
export type Witness = (actual: unknown, expected: readonly unknown[]) => void;

const matchers = [
  ...['toBe', 'toEqual', 'toStrictEqual', 'toMatchObject', 'toContain', 'toContainEqual'],
  ...['toMatch', 'toThrow', 'toHaveProperty'],
];

let witness: Witness | undefined;

/** Tells one, from now on, of every assertion that holds and that is not one of absence. */
export function watchAssertions(told: Witness | undefined): void {
  if (witness === undefined && told !== undefined) wrapOnce();
  witness = told;
}

const wrapped = Symbol.for('chancery.assertions');

function wrapOnce(): void {
  const { prototype } = chai.Assertion;
  if (Object.hasOwn(prototype, wrapped)) return;
  Object.defineProperty(prototype, wrapped, { value: true });
  for (const matcher of matchers) {
    chai.util.overwriteMethod(
      prototype,
      matcher,
      (holds: (...expected: readonly unknown[]) => unknown) =>
        function (this: object, ...expected: unknown[]) {
          const actual: unknown = chai.util.flag(this, 'object');
          const answer: unknown = Reflect.apply(holds, this, expected);
          if (chai.util.flag(this, 'negate') !== true) witness?.(actual, expected);
          return answer;
        },
    );
  }
}

/** Whether a value holds a word in one of its texts; a pattern holds what it asks for. */
export function mentions(value: unknown, word: string, seen = new Set<unknown>()): boolean {
  if (typeof value === 'string') return holdsWord(value, word);
  if (value instanceof RegExp) return holdsWord(value.source.replaceAll('\\', ''), word);
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  const own = Reflect.ownKeys(value).map((key) => Reflect.get(value, key) as unknown);
  const isHolder = value instanceof Map || value instanceof Set;
  const held: readonly unknown[] = isHolder ? [...(value as Iterable<unknown>)] : [];
  return [...own, ...held].some((each) => mentions(each, word, seen));
}

function holdsWord(text: string, word: string): boolean {
  const at = text.indexOf(word);
  return at >= 0 && !/[\w-]/.test(text.charAt(at + word.length));
}
