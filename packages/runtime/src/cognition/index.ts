export type { Agent, AgentCall, Heard } from './agent.ts';
export { evolveLoop, exitCodeOf, windowTurns } from './loop-evolve.ts';
export {
  gateName,
  initialLoop,
  isRollback,
  isServed,
  loopTransitions,
  ownInterruptionCodes,
  type Answer,
  type Contents,
  type GateResult,
  type Loop,
  type LoopPhase,
  type RunOutcome,
  type Work,
} from './loop-model.ts';
export { maxGateRounds, nextStep, type Step } from './loop-next.ts';
export type {
  Message,
  Model,
  ModelCall,
  ModelEvent,
  ModelFailure,
  ModelRequest,
  ModelTool,
  Price,
} from './model.ts';
export { isFree, listPriceOf, listPrices, localPrice, type ListPrice } from './prices.ts';
export {
  errorCodeOf,
  failureMessage,
  observationMessage,
  refusalMessage,
  type ToolMessage,
} from './result-message.ts';
export { defaultRetryPolicy, retryDelayMs, type RetryPolicy } from './retry.ts';
export { runPriceAt, type Pricing } from './run-price.ts';
export { systemPrompt } from './system-prompt.ts';
export { toolNaming, type ToolNaming } from './tool-naming.ts';
export { buildWindow, requestDigest, type WindowTurn } from './window.ts';
