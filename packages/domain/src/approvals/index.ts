export { decide, voteRequestOf } from './decide.ts';
export { evolve } from './evolve.ts';
export {
  approvalStream,
  approvalTransitions,
  initialApproval,
  type Approval,
  type ApprovalCommand,
  type ApprovalContext,
  type ApprovalOutcome,
  type ApprovalRequest,
} from './model.ts';
