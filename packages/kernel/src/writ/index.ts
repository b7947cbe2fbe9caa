export {
  delegateApproval,
  delegationId,
  endDelegation,
  isDelegationEntry,
  readDelegation,
  readDelegationEnd,
  type ApproverDelegation,
} from './approver-delegation.ts';
export { mayEndDelegation, speaksFor, whyNotDelegate, type Speaking } from './approver-right.ts';
export { attenuate } from './attenuate.ts';
export { checkChain, type IssuedAt } from './chain.ts';
export { checkEdge, covers } from './covers.ts';
export {
  closeWrit,
  createGenesis,
  draftGenesis,
  issueWrit,
  revokeWrit,
  type GenesisRequest,
  type RevocationRequest,
  type WritRequest,
} from './issue.ts';
export {
  purposes,
  type Closing,
  type Genesis,
  type Grant,
  type KeyTrust,
  type KnownDelegation,
  type KnownKey,
  type Predicate,
  type Purpose,
  type ReadWrit,
  type Revocation,
  type Terms,
  type Trust,
  type Writ,
} from './model.ts';
export { contradiction } from './contradiction.ts';
export { isProgram } from './form.ts';
export { isHostPattern, isHostWithin } from './host.ts';
export { predicateHolds, segmentsOf, subjectOf, unmetPredicate } from './predicate.ts';
export {
  readClosing,
  readGenesis,
  readGenesisDraft,
  readRevocation,
  readTerms,
  readWrit,
  type ReadClosing,
  type ReadRevocation,
} from './read.ts';
export {
  isTrustEntry,
  foldTrust,
  TrustFold,
  afterStatement,
  isLive,
  type PlacedTrustEntry,
  type TrustEntry,
} from './trust-fold.ts';
export {
  isBarred,
  isTrustedFor,
  headSigners,
  keysEverTrustedFor,
  withoutCompromises,
} from './known-key.ts';
export {
  believe,
  beliefIn,
  isSaidAt,
  saidByLegislator,
  type SayingPlace,
  type SayingRule,
} from './saying.ts';
export { checkClosing, checkRevocation, mayClose, mayRevoke } from './writ-ending.ts';
export {
  compromiseKey,
  keyKinds,
  readKeyStatement,
  readKeyStatementDraft,
  retireKey,
  trustKey,
  type KeyCompromiseRequest,
  type KeyEntry,
  type KeyKind,
  type KeyRetirementRequest,
  type KeyStatement,
  type KeyTrustRequest,
  type ReadKeyStatement,
} from './key-statement.ts';
