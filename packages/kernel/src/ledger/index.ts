export {
  catalogue,
  catalogueDigest,
  contractsWithoutCompensable,
  contractsWithoutLabels,
  contractsWithoutEgress,
  contractsWithoutFacts,
  contractsWithoutOlderPolicies,
  contractsWithoutPlans,
  contractsWithoutRepository,
  contractsWithoutThresholds,
  envelopeVersion,
  isKind,
  writtenContracts,
  type Body,
  type Kind,
} from './catalogue.ts';
export { checkBatch } from './check-batch.ts';
export { checkBody } from './check-body.ts';
export { checkRouting } from './checkers.generated.ts';
export { findConflict, headsAfter, type BatchOutline } from './continuity.ts';
export { checkEntryLength, entryBytesMax } from './entry-length.ts';
export { entrySchema } from './entry-schema.ts';
export { bodyText } from './entry-text.ts';
export type { BatchMark, Draft, Entry, Head, SealedEntry } from './entry.ts';
export { readFast, type FastRead } from './fast-reader.ts';
export { namedMembers } from './named-members.ts';
export { prunedMost } from './kinds/ledger.ts';
export { routingEvidence } from './kinds/routing.ts';
export { namedPlace } from './named-place.ts';
export { openEntry, readEntry, type ReadEntry } from './open.ts';
export { prunedBlobs } from './pruned-blobs.ts';
export type { Schema } from './schema.ts';
export { sealBatch, type Sealed, type SealRequest } from './seal.ts';
export type {
  AppendOutcome,
  BatchCheck,
  Blob,
  Conflict,
  HeadExpectation,
  LedgerStore,
  SealedBatch,
  StoredEntry,
  StreamHead,
} from './store.ts';
export { causes } from './causes.ts';
export { evolver, type Steps } from './evolver.ts';
export { contentsOf, type Content } from './contents.ts';
