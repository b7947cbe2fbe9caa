import type { AuthorizationAnswer, CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs';
import { objectDigest } from '@chancery/kernel/encoding';
import type { BundlePolicies, CedarAnswer, PolicyRequest } from '@chancery/kernel/policy';
import { Fault } from '@chancery/kernel/refusal';
import { cedar } from './cedar.ts';

type Policies = Parameters<ReturnType<typeof cedar>['preparsePolicySet']>[1];

interface HasPolicies {
  readonly policies: BundlePolicies;
}

/**
 * What Cedar's own library answers: the reference that the kernel's evaluation is held to.
 * @throws {Fault} when Cedar cannot read the policies or the request.
 */
export function decideWithCedar({ policies }: HasPolicies, request: PolicyRequest): CedarAnswer {
  return answerOf(
    cedar().isAuthorized({ ...callOf(request), policies: policies as unknown as Policies }),
  );
}

/**
 * The same for many requests: the policies are parsed once and stay in the library's memory.
 * @throws {Fault} when Cedar cannot read the policies.
 */
export function cedarDecider({ policies }: HasPolicies): (request: PolicyRequest) => CedarAnswer {
  const preparsedPolicySetId = objectDigest('policy-set', policies);
  const parsed = cedar().preparsePolicySet(preparsedPolicySetId, policies as unknown as Policies);
  if (parsed.type === 'failure') throw new Fault(messageOf(parsed.errors));
  return (request) =>
    answerOf(cedar().statefulIsAuthorized({ ...callOf(request), preparsedPolicySetId }));
}

/** A request in the form that Cedar's library takes. */
export function callOf({ principal, action, resource, context, entities }: PolicyRequest) {
  return {
    principal: { ...principal },
    action: { ...action },
    resource: { ...resource },
    context: context as Record<string, CedarValueJson>,
    entities: entities.map(({ uid, attrs, parents }) => ({
      uid: { ...uid },
      attrs: attrs as Record<string, CedarValueJson>,
      parents: parents.map((parent) => ({ ...parent })),
    })),
  };
}

function answerOf(answer: AuthorizationAnswer): CedarAnswer {
  if (answer.type === 'failure') throw new Fault(messageOf(answer.errors));
  const { decision, diagnostics } = answer.response;
  return {
    decision,
    reasons: [...diagnostics.reason].sort(),
    errors: diagnostics.errors.map(({ policyId }) => policyId).sort(),
  };
}

function messageOf(errors: readonly { readonly message: string }[]): string {
  return `Cedar: ${errors.map(({ message }) => message).join('; ')}`;
}
