import { compileInput, constantPolicy } from '@chancery/testkit/builders';
import { expect, it } from 'vitest';
import type { Level } from '../policy/index.ts';
import { compile } from './index.ts';

it.each<readonly [string, readonly Level[]]>([
  ['no rule permits it', []],
  ['nothing at the level tenant permits it', ['tenant']],
  ['nothing at the level organisation, nor at the level run permits it', ['organisation', 'run']],
])('a denial tells the levels that lack a permit: %s', (message, unpermitted) => {
  const policy = constantPolicy({ kind: 'deny', rules: [], advice: undefined, unpermitted });
  const outcome = compile(compileInput({ policy }));
  expect(outcome.kind === 'rejected' ? outcome.refusal : undefined).toMatchObject({
    ...{ code: 'policy.denied', message },
  });
});
