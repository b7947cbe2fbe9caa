import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { everywhere, launcher, pureRings, tests } from './scripts/lint/rules.ts';

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '.node/',
    '**/coverage/',
    '**/dist/',
    '**/*.generated.*',
    '**/golden/',
    '**/vectors/',
  ]),
  {
    files: ['**/*.ts', 'scripts/**/*.mjs', 'apps/*/bin/*.mjs'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: everywhere,
  },
  // What they import is not there unless it is measured, and so are its types.
  {
    files: ['bench/peers/*.mjs'],
    extends: [tseslint.configs.strict],
    rules: { ...everywhere, ...tseslint.configs.disableTypeChecked.rules },
  },
  {
    files: ['packages/{kernel,domain}/src/**/*.ts'],
    ignores: ['**/*.test.ts', 'packages/kernel/src/encoding/crypto.*.ts'],
    rules: pureRings,
  },
  { files: ['**/*.test.ts', 'packages/testkit/**/*.ts'], rules: tests },
  {
    files: ['scripts/setup.mjs', 'scripts/setup/*.mjs'],
    languageOptions: { ecmaVersion: 2021 },
    rules: launcher,
  },
);
