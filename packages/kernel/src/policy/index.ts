export {
  activeOn,
  bundleIn,
  countingOn,
  repositoryOf,
  type ActiveBundle,
  type ScopedBundle,
} from './active.ts';
export {
  activateBundle,
  readActivation,
  readActivators,
  recordedActivation,
  type Activated,
  type ActivationRequest,
  type ReadActivation,
} from './activation.ts';
export {
  bundleDigest,
  bundleKey,
  policySetDigest,
  readBundle,
  signBundle,
  type ReadBundle,
} from './bundle.ts';
export { compileCedar, type CedarDetail } from './cedar.ts';
export {
  levels,
  type Bundle,
  type BundlePolicies,
  type CedarAnswer,
  type CedarEntity,
  type CedarValue,
  type EntityReference,
  type EntityUid,
  type Level,
  type PolicyRequest,
  type PolicySet,
  type PolicyVerdict,
  type RuleMark,
} from './model.ts';
export { areSameMarks, type RecordedMark } from './marks.ts';
export { ruleDigest } from './rule-digest.ts';
export { compilePolicySet, type ActiveSet } from './policy-set.ts';
export {
  compileRunPolicies,
  narrowedDigest,
  noRunPolicies,
  readRunPolicies,
  type RunPolicies,
} from './run-policies.ts';
export {
  evolveProposals,
  isProposalEntry,
  mayPropose,
  proposeBundle,
  readProposal,
  withdrawProposal,
  type ProposalEntry,
  type ProposedBundle,
  type ProposedBundles,
} from './proposal.ts';
export {
  readRetired,
  readRetirement,
  retireBundle,
  type Retired,
  type RetirementRequest,
} from './retirement.ts';
