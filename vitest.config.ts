import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'tests/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    globalSetup: ['tests/verifier/shared-folder.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    watch: false,
    passWithNoTests: false,
  },
});
