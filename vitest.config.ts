import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'tests/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    globalSetup: ['packages/testkit/src/shared-folder/setup.ts'],
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
