import path from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

/** The rings that hold no state of their own: their files share a process, and load what they import once. */
const pure = ['packages/kernel/src/**/*.test.ts', 'packages/domain/src/**/*.test.ts'];
const all = [
  'packages/*/src/**/*.test.ts',
  'apps/*/src/**/*.test.ts',
  'tests/**/*.test.ts',
  'scripts/**/*.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      {
        extends: true,
        test: { name: 'parts', include: all, exclude: [...configDefaults.exclude, ...pure] },
      },
    ],
    globalSetup: ['packages/testkit/src/shared-folder/setup.ts'],
    setupFiles: ['tests/fail-closed/codes/setup.ts'],
    // A test that finds nothing out shows nothing.
    expect: { requireAssertions: true },
    pool: 'forks',
    // As many as there are processors: left alone it keeps one of them for itself, half of two.
    maxWorkers: '100%',
    // For the commands that tests start by the hundred, as the launcher has it.
    env: {
      NODE_COMPILE_CACHE:
        process.env['NODE_COMPILE_CACHE'] ?? path.join(import.meta.dirname, '.node/compiled'),
    },
    // Only what hangs is to be ended by it, on the slowest machine too.
    testTimeout: process.env['CHANCERY_PROPERTY_RUNS'] === undefined ? 180_000 : 7_200_000,
    hookTimeout: 180_000,
    watch: false,
    passWithNoTests: false,
  },
});
