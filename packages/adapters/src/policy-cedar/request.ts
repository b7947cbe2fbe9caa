import type { PolicyRequest } from '@chancery/kernel/policy';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { cedar } from './cedar.ts';
import { callOf } from './decide.ts';
import { schemaText } from './schema.ts';

/**
 * Whether a request has exactly the members of the published schema, each of its type. Refuses with
 * `policy.invalid`, in the words of Cedar.
 */
export function checkRequest(request: PolicyRequest): Result<null> {
  const answer = cedar().isAuthorized({
    ...callOf(request),
    policies: { staticPolicies: {} },
    schema: schemaText,
    validateRequest: true,
  });
  if (answer.type === 'success') return done(null);
  const said = answer.errors.map(({ message }) => message).join('; ');
  return refused('policy.invalid', `it is no request of the schema: ${said}`);
}
