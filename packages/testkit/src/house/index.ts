export {
  bundleOf,
  HandClock,
  houseOf,
  noCommands,
  permitEverything,
  rule,
  startTestRun,
  wideTerms,
  type HouseRequest,
  type TestHouse,
} from './house.ts';
export { MemoryWorkspace } from './memory-workspace.ts';
export {
  capabilityOf,
  memoryWrite,
  observed,
  poison,
  type TestCapability,
} from './capabilities.ts';
export { modelOf, type Turn } from './turns.ts';
export { seenProcess, treesBelow, type SeenProcess } from './process-tree.ts';
export { stubbornLine, stubbornSleepers } from './stubborn.ts';
export { agreedPlan } from './undo-plan.ts';
