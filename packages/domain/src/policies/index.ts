export { doubtfulExamples, readExamples, type Example, type ExpectedVerdict } from './example.ts';
export { changedUnder, looseLifts, rulesCalled } from './lifting.ts';
export { lint, permitsNothing, type PolicyWarning, type WarningCode } from './lint.ts';
export { requestOf, type Situation, type Surroundings } from './situation.ts';
export {
  changed,
  type Change,
  type KnownCapabilities,
  type MemberForm,
  type Members,
  type RequestForm,
} from './request-form.ts';
export {
  compareBundles,
  mayPermitMore,
  wideningsOf,
  type RuleChange,
  type RulePart,
  type Widening,
} from './compare.ts';
export { mayGrantMore } from './channels.ts';
export {
  isRemembered,
  liftedBy,
  reachOf,
  rememberedRule,
  type HeldDecision,
  type Reach,
  type RememberedRule,
} from './remembered.ts';
export { smallestFlips, type Flip, type Flips } from './flip.ts';
export { holdingRules, unreachableHolds, type HoldingRule, type UnreachableHold } from './holds.ts';
