export { actionDigest } from './action.ts';
export { builtInHolds } from './built-in-holds.ts';
export { compile, compilerVersion } from './compile.ts';
export { intentDigest, parseIntent } from './intent.ts';
export { actionFrom, type RecordedAction } from './recorded.ts';
export {
  isSecretLabel,
  isUntrustedLabel,
  labelRemover,
  secretLabel,
  untrustedLabel,
} from './labels.ts';
export { contextFacts, policyRequest, readQuestion } from './policy-request.ts';
export { isChanging, protectedPath } from './protected-paths.ts';
export { requiredHold } from './required-hold.ts';
export {
  stageNames,
  type Action,
  type Question,
  type CompileInput,
  type CompileOutcome,
  type Hold,
  type Intent,
  type IntentKind,
  type Resolution,
  type StageName,
  type Trace,
  type TrajectoryFacts,
  type Verdict,
} from './model.ts';
