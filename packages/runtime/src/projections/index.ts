export {
  AuditFold,
  type AuditedAction,
  type AuditedApproval,
  type AuditedOutcome,
  type AuditedRule,
} from './audit.ts';
export { compareActions, type ComparedActions } from './compared-actions.ts';
export {
  keepUp,
  keptFromStart,
  restoreKept,
  saveKept,
  type Kept,
  type Projection,
} from './keeper.ts';
export { PolicyHistory } from './policy-history.ts';
export type { RoutedOutcome } from './routed-outcome.ts';
export { routedOutcomes, routedOutcomesOf } from './routed-outcomes.ts';
export { runList, type RunList } from './run-list.ts';
export { runView, type RunStatus, type RunView } from './run-view.ts';
export {
  spendByModel,
  spendTree,
  type GrantedWrit,
  type ModelSpending,
  type SpendNode,
  type SpendingRun,
} from './spend.ts';
export { TimelineFold, type Begun, type TimelineLine, type TimelineMark } from './timeline.ts';
export { ruleTexts } from './rule-text.ts';
