import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { everywhere, pureRings } from '../../scripts/lint/rules.ts';

const untyped = /no-restricted|max-lines|max-params|no-empty|eqeqeq/;
const rules = Object.fromEntries(
  Object.entries({ ...everywhere, ...pureRings }).filter(([name]) => untyped.test(name)),
);
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser },
      plugins: { '@typescript-eslint': tseslint.plugin },
      rules,
    },
  ],
});

describe('the pure rings', () => {
  test.each([
    'Date.now();',
    'Math.random();',
    'fetch(place);',
    'setTimeout(later, 1);',
    'process.exit();',
    'console.log(1);',
    'crypto.randomUUID();',
    'globalThis.performance.now();',
    'Buffer.from(text);',
    "import fs from 'node:fs';",
    "import type { Stats } from 'fs';",
    "import { readFile } from 'fs/promises';",
  ])('refuse %s', async (text) => {
    expect(await rulesBrokenBy(text)).toEqual([expect.stringContaining('no-restricted')]);
  });

  test('accept what depends on its arguments alone', async () => {
    const text = 'export const twice = (n: number): number => Math.max(n, 0) * 2;';
    expect(await rulesBrokenBy(text)).toEqual([]);
  });
});

describe('every source', () => {
  test.each([
    ["export * from './a.ts';", 'no-restricted-syntax'],
    ["export * as a from './a.ts';", 'no-restricted-syntax'],
    [`export function f(): void {${'\n'.repeat(70)}}`, 'max-lines-per-function'],
    ['\n'.repeat(500) + 'export {};', 'max-lines'],
    ['try { f(); } catch {}', 'no-empty'],
    [
      'export const f = (a: A, b: A, c: A, d: A, e: A): void => g(a);',
      '@typescript-eslint/max-params',
    ],
  ])('refuses %j: %s', async (text, rule) => {
    expect(await rulesBrokenBy(text)).toEqual([rule]);
  });
});

async function rulesBrokenBy(text: string): Promise<readonly (string | null)[]> {
  const results = await eslint.lintText(text, { filePath: 'packages/kernel/src/writ/planted.ts' });
  return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
}
