export { driftOf, type Drift, type Present } from './drift.ts';
export { type Execution, type ExecutionPhase } from './execution.ts';
export { findingCodes, type Finding, type FindingCode } from './finding.ts';
export { type BlobReader } from './blob-reader.ts';
export { replayRun, type Replay } from './replay.ts';
export { type RunSummary } from './run-check.ts';
export { evolve, openTrajectory, type Trajectory } from './trajectory.ts';
export { Verifier, verifyLedger, type Verification, type VerifierOptions } from './verify.ts';
