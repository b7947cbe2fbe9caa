import { describe, expect, it } from 'vitest';
import { maxTextBytes } from './bounds.ts';
import { buildBundle } from './build.ts';
import { cedar } from './cedar.ts';
import { formatPolicy } from './format.ts';

const permit = '@id("a") permit (principal, action, resource)';
const tooDeep = 'the rule nests too deeply: use several when clauses, or a set';
const tooMuch = 'the text is more than Cedar can read';

const build = (text: string) => buildBundle({ name: 'test', level: 'repository', text });
const refusalOf = (result: ReturnType<typeof build | typeof formatPolicy>) =>
  result.ok ? undefined : [result.refusal.code, result.refusal.message];

function joined(count: number, operator: string): string {
  return Array.from({ length: count }, (_, index) => `context.depth == ${index}`).join(operator);
}

const beyond: readonly (readonly [string, string, string])[] = [
  ['300 parentheses', `${'('.repeat(300)}true${')'.repeat(300)}`, `line 1, column 117: ${tooDeep}`],
  ['300 sets', `${'['.repeat(300)}${']'.repeat(300)} == 1`, `line 1, column 117: ${tooDeep}`],
  ['300 records', `${'{a:'.repeat(300)}1${'}'.repeat(300)} == 1`, tooDeep],
  ['1,500 ||', joined(1_500, ' || '), tooDeep],
  ['4,000 &&', joined(4_000, ' && '), tooDeep],
  ['2,000 conditions', `${'if true then true else '.repeat(2_000)}true`, tooDeep],
  ['2,000 calls', `[1]${'.contains(1)'.repeat(2_000)}`, tooDeep],
  ['2,000 members', `context${'["a"]'.repeat(2_000)} == 1`, tooDeep],
  ['2,000 clauses', `true } ${'when { true } '.repeat(2_000)} when { true`, tooDeep],
  ['a set of 6,000', `[${'1,'.repeat(6_000)}1] == [1]`, 'the rule is too long: write several'],
];

describe('a policy that is more than a parser follows', () => {
  it.each(beyond)('is refused: %s', (_what, condition, message) => {
    const text = `${permit} when { ${condition} };`;
    for (const result of [build(text), formatPolicy(text)]) {
      expect(refusalOf(result)).toEqual(['policy.invalid', expect.stringContaining(message)]);
    }
  });

  it('is refused where the library breaks down over it, and the library is loaded anew', () => {
    const before = cedar();
    const text = `${'// why\n'.repeat(100_000)}${permit};`;
    expect(refusalOf(formatPolicy(text))).toEqual(['policy.invalid', tooMuch]);
    expect(cedar()).not.toBe(before);
    expect(build(`${permit};`).ok).toBe(true);
  });

  it('is refused from a byte beyond 1 MiB on, and not before', () => {
    const filled = (bytes: number) => `${permit};`.padEnd(bytes - 4) + '//é';
    expect(build(filled(maxTextBytes)).ok).toBe(true);
    const message = `a policy of 1048577 bytes is longer than 1048576`;
    expect(refusalOf(build(filled(maxTextBytes + 1)))).toEqual(['policy.invalid', message]);
    expect(refusalOf(formatPolicy(filled(maxTextBytes + 1)))).toEqual(['policy.invalid', message]);
  });

  it('is not one that is long, with brackets in strings and comments', () => {
    const brackets = '(['.repeat(2_000);
    const rules = Array.from(
      { length: 40 },
      (_, id) => `@id("${id}") @advice("${brackets}") ${permit.slice(9)}; // ${brackets}`,
    );
    const paths = Array.from({ length: 900 }, (_, index) => `"${index}"`).join();
    const last = `${permit} when { [${paths}].contains(context.effect) };`;
    expect(refusalOf(build([...rules, last].join('\n')))).toBe(undefined);
  });
});
