export {
  redecisionKinds,
  type DecisionPlace,
  type Proposal,
  type RedecisionKind,
  type Ruling,
  type Trial,
  type TrialSets,
} from './model.ts';
export { TrialEpochs } from './epochs.ts';
export { isReproduced, recordedRuling } from './ruling.ts';
export { questionOf, refusedBefore } from './run-simulation.ts';
export { isProposal, SimulatedRun, type SimulatedRunOptions } from './simulated-run.ts';
export { emptyTally, rankedGroups, RunTally, united, type FlipGroup, type Tally } from './tally.ts';
export { triedBundles, trialSets } from './trial.ts';
