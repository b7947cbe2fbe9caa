export { lapseOf, passOn, type Closing } from './lapsed-approval.ts';
export { resolutionOf } from './approval-state.ts';
export { readApproval, type ReadApproval } from './recorded-approval.ts';
export { recordVote, type Ballot, type Voted } from './voting.ts';
export type {
  Capabilities,
  Capability,
  Compensation,
  Execution,
  ExecutionContext,
  ExecutionFailure,
  Reconciliation,
  Surroundings,
} from './capability.ts';
export {
  keep,
  readAction,
  readContent,
  sealing,
  type ContentRoom,
  type Keep,
  type Kept,
} from './content.ts';
export type {
  HttpAnswer,
  HttpRequest,
  HttpRequester,
  McpAnswer,
  McpCall,
  McpCaller,
  Unanswered,
} from './executors.ts';
export { availableIn } from './decide.ts';
export type { Egress, EgressDoor, EgressLog, EgressRecord, EgressRequest } from './egress.ts';
export { liftable } from './lifting.ts';
export { recallLeases } from './leases.ts';
export {
  offersOf,
  type Offer,
  type Offers,
  type SchemaCheck,
  type SchemaCompiler,
} from './offer.ts';
export { phases, type Phase, type PhaseProbe } from './phase.ts';
export { recover, resolveDoubt, type Word } from './recover.ts';
export { rehearse } from './rehearse.ts';
export { recordedTree } from './prepare.ts';
export { record, type Recorder, type RecordOptions, type RunContext } from './run-context.ts';
export { answerRouting, type GivenRouting } from './routing.ts';
export type {
  CommandPipes,
  CommandSpeaker,
  HeldLimit,
  Sandbox,
  SandboxCommand,
  SandboxLimit,
  SandboxLimits,
  SandboxOutcome,
  SandboxReport,
} from './sandbox.ts';
export type { Settled } from './settle.ts';
export { readSubmission } from './submission.ts';
export { release, submit, type Outcome, type Release, type Submission } from './submit.ts';
