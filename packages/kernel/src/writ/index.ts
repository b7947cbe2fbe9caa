export { attenuate } from './attenuate.ts';
export { checkChain } from './chain.ts';
export { checkEdge, covers } from './covers.ts';
export {
  createGenesis,
  issueWrit,
  revokeWrit,
  trustKey,
  type GenesisRequest,
  type KeyTrustRequest,
  type RevocationRequest,
  type WritRequest,
} from './issue.ts';
export {
  purposes,
  type Genesis,
  type Grant,
  type KeyTrust,
  type Predicate,
  type Purpose,
  type ReadWrit,
  type Revocation,
  type Terms,
  type Trust,
  type Writ,
} from './model.ts';
export { predicateHolds, unmetPredicate } from './predicate.ts';
export {
  readGenesis,
  readKeyTrust,
  readRevocation,
  readTerms,
  readWrit,
  type ReadKeyTrust,
  type ReadRevocation,
} from './read.ts';
export { checkRevocation, foldTrust, isTrustedFor, type TrustEntry } from './trust.ts';
