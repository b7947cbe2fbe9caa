import { builtinModules } from 'node:module';
import type { Linter } from 'eslint';

const pure = 'Rings 0 and 1 are pure: take it as a recorded fact or through a port.';

const impureGlobals = [
  'AbortController',
  'Buffer',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'Date',
  'fetch',
  'global',
  'globalThis',
  'Intl',
  'navigator',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'WebSocket',
  'Worker',
];

/** Holds in every source file. */
export const everywhere: Linter.RulesRecord = {
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // Types alone, named one by one, still load the module: their braces stay when the types are taken out.
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
  // A port promises; a fake that keeps the promise may have nothing to wait for.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { allowDefaultCaseForExhaustiveSwitch: false, requireDefaultForNonUnion: true },
  ],
  eqeqeq: 'error',
  'max-lines': ['error', { max: 500, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: 70, skipBlankLines: false, skipComments: false }],
  '@typescript-eslint/max-params': ['error', { max: 4 }],
  'no-empty': ['error', { allowEmptyCatch: false }],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'ExportAllDeclaration',
      message: 'Name what the room exports; `export *` hides it.',
    },
    {
      selector:
        'ExportNamedDeclaration[source][exportKind="value"]:not(:has(ExportSpecifier[exportKind="value"]))',
      message: 'Write `export type { … } from`: braces with types alone still load the module.',
    },
  ],
};

/** Holds in kernel and domain, tests and the one crypto file excepted. */
export const pureRings: Linter.RulesRecord = {
  'no-restricted-globals': ['error', ...impureGlobals.map((name) => ({ name, message: pure }))],
  'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: pure }],
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: builtinModules.map((name) => ({ name, message: pure })),
      patterns: [{ group: ['node:*'], message: pure }],
    },
  ],
};

/** A test file is a list of cases: its `describe` is as long as its subject. */
export const tests: Linter.RulesRecord = {
  'max-lines-per-function': 'off',
};

/** The launcher runs on old Node, before anything is installed. */
export const launcher: Linter.RulesRecord = {
  'no-restricted-properties': [
    'error',
    ...['at', 'findLast', 'replaceAll', 'toSorted'].map((property) => ({
      property,
      message: 'The launcher runs on Node 16.',
    })),
  ],
};
