export { appendAll } from './append-all.ts';
export {
  authority,
  signerFrom,
  someChain,
  someDigest,
  someTerms,
  trustEntry,
  type Authority,
} from './authority.ts';
export {
  compileInput,
  constantPolicy,
  permitting,
  someCapability,
  someContract,
  someHalt,
  someIntent,
  someNormalised,
} from './compile-input.ts';
export {
  activateOn,
  anotherPolicy,
  askTwo,
  policyFor,
  anotherWrit,
  halt,
  carving,
  declareOn,
  defineOn,
  engageOn,
  ledgerFixture,
  people,
  someBundle,
  type FixtureOptions,
  type LedgerFixture,
} from './ledger-fixture.ts';
export { exportOf, runtimeSigner, trustRuntime, type ExportOptions } from './export-of.ts';
export { LedgerRecorder, type RecorderOptions } from './ledger-recorder.ts';
export { runMoments, writeMoments, type RunMoment } from './run-moments.ts';
export { FollowingStory, undoArgs } from './following-story.ts';
export { momentOf } from './run-moment.ts';
export { RunStory, writeRun } from './run-story.ts';
export { declareManifestOn, someManifest, someRequest } from './some-manifest.ts';
export { declareProgramsOn, someRows } from './some-programs.ts';
export { recordSnapshot, stateOf } from './snapshots.ts';
export { forging, told } from './told.ts';
export { leafText, leavesOf, nodesOf, refusalOf, valueOf, withChangedDigit } from './tree-nodes.ts';
