export {
  AuditFold,
  type AuditedAction,
  type AuditedApproval,
  type AuditedOutcome,
  type AuditedRule,
} from './audit.ts';
export { PolicyHistory } from './policy-history.ts';
export { runView, type RunStatus, type RunView } from './run-view.ts';
export { TimelineFold, type TimelineLine, type TimelineMark } from './timeline.ts';
