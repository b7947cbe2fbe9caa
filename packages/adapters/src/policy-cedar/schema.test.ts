import { describe, expect, it } from 'vitest';
import type { AuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import { compile } from '@chancery/kernel/compiler';
import type { PolicyRequest } from '@chancery/kernel/policy';
import { done } from '@chancery/kernel/refusal';
import { compileInput, permitting, someNormalised } from '@chancery/testkit/builders';
import { cedar } from './cedar.ts';
import { schemaText } from './schema.ts';

/** What the compiler asks of policy for a call that runs `command`, or for one on a file. */
function requestFor(command: { line: string; programs: readonly string[] } | undefined) {
  const asked: PolicyRequest[] = [];
  const decide = (request: PolicyRequest) => {
    asked.push(request);
    return permitting.decide(request);
  };
  const normalised = done(someNormalised({ command }));
  compile({ ...compileInput(), normalised, policy: { ...permitting, decide } });
  return asked;
}

function errorsOf(request: object): readonly string[] {
  const answer = cedar().isAuthorized({
    ...(request as Omit<AuthorizationCall, 'policies'>),
    policies: { staticPolicies: {} },
    schema: schemaText,
    validateRequest: true,
  });
  return answer.type === 'failure' ? answer.errors.map(({ message }) => message) : [];
}

describe('the published schema', () => {
  it.each([undefined, { line: 'git push', programs: ['git', 'git push'] }])(
    'describes what the compiler asks, with the command %j',
    (command) => {
      const requests = requestFor(command);
      expect(requests.map(errorsOf)).toEqual([[]]);
    },
  );

  it('admits no request with a context of another form', () => {
    const [request] = requestFor(undefined);
    const context = { ...request?.context, surprise: true };
    expect(errorsOf({ ...request, context })).not.toEqual([]);
  });
});
