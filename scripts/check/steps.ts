import { existsSync } from 'node:fs';

/** One static check: a tool's own script, run by this Node. */
export interface Step {
  readonly name: string;
  readonly args: readonly string[];
}

const sourceFolders = ['packages', 'apps', 'tests', 'bench', 'scripts'].filter((folder) =>
  existsSync(folder),
);

/** The static checks, the longest first. */
export const staticSteps: readonly Step[] = [
  { name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0'] },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--pretty', 'false'] },
  {
    name: 'page types',
    args: ['node_modules/typescript/bin/tsc', '-p', 'apps/verifier/src/page', '--pretty', 'false'],
  },
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'] },
  { name: 'unused', args: ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'] },
  {
    name: 'rings',
    args: [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config=.dependency-cruiser.mjs',
      ...sourceFolders,
    ],
  },
];

/** The hygiene tests of the tree; `npm test` runs them among all tests. */
export const tidyStep: Step = {
  name: 'tidy',
  args: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', 'tests/tidy'],
};
