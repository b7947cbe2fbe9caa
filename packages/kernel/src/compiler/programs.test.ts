import { describe, expect, it } from 'vitest';
import { authority, compileInput, someChain, someNormalised } from '@chancery/testkit/builders';
import { done } from '../refusal/index.ts';
import { compile } from './compile.ts';

const house = authority();
const where = [{ op: 'programs-in' as const, values: ['node', 'npm'] }];
const chain = someChain(house, { grants: [{ capability: 'fs.write', where }] });

function codeFor(programs: readonly string[] | undefined): string {
  const command = programs && { line: 'x', programs };
  const normalised = done(someNormalised({ command }));
  const outcome = compile({ ...compileInput({}, house), chain, normalised });
  return outcome.kind === 'rejected' ? outcome.refusal.code : outcome.kind;
}

describe('a grant of programs', () => {
  it.each([
    [['npm'], 'staged'],
    [['node', 'npm', 'npm test'], 'staged'],
    [['git', 'npm'], 'writ.out-of-scope'],
    [['npm', 'unknown'], 'writ.out-of-scope'],
    [[], 'writ.out-of-scope'],
    [undefined, 'writ.out-of-scope'],
  ])('of node and npm, for a command that runs %j: %s', (programs, code) => {
    expect(codeFor(programs)).toBe(code);
  });
});
