export { CompromiseForecast, type AtStake } from './compromise-forecast.ts';
export { driftOf, type DecidedRun, type Drift, type Present, type SharedDrift } from './drift.ts';
export { Exposure } from './exposure.ts';
export { undoPlanDigest } from './undo-plan.ts';
export { type Execution, type ExecutionPhase } from './execution.ts';
export { findingCodes, type Finding, type FindingCode, type Place } from './finding.ts';
export { type BlobReader } from './blob-reader.ts';
export { replayOf, replayRun, type Replay } from './replay.ts';
export { RunPast } from './run-past.ts';
export { type RunSummary } from './run-check.ts';
export { openRunState, resumeRunState, type RunState } from './run-state.ts';
export { readRunState, runStateDigest, runStateJson } from './run-state-json.ts';
export {
  type RunCounts,
  type RunDecided,
  type RunFacts,
  type RunStand,
} from './run-state-model.ts';
export { openSnapshot, takeSnapshot, type SnapshotEntry, type TakenSnapshot } from './snapshot.ts';
export { invalidSnapshot, openState, sealState, type SnapshotGround } from './signed-state.ts';
export { settledBy } from './settlement.ts';
export { type Moment } from './world-log.ts';
export { evolve, openTrajectory, type Trajectory } from './trajectory.ts';
export { Verifier, verifyLedger, type Verification, type VerifierOptions } from './verify.ts';
