export { decide, voteRequestOf } from './decide.ts';
export { evolve } from './evolve.ts';
export { requestOn, type Asking, type AskingContext } from './request.ts';
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
