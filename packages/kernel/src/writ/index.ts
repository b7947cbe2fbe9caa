export { attenuate } from './attenuate.ts';
export { checkChain } from './chain.ts';
export { checkEdge, covers } from './covers.ts';
export {
  closeWrit,
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
  type Closing,
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
  readClosing,
  readGenesis,
  readKeyTrust,
  readRevocation,
  readTerms,
  readWrit,
  type ReadClosing,
  type ReadKeyTrust,
  type ReadRevocation,
} from './read.ts';
export {
  checkClosing,
  checkRevocation,
  foldTrust,
  isTrustedFor,
  mayClose,
  mayRevoke,
  type TrustEntry,
} from './trust.ts';
