export { goneRefusal, whyGone, type Gone } from './gone.ts';
export { planPrune, type PlannedBlob, type PruneChoice, type PrunePlan } from './plan.ts';
export { pruneBlobs, type RemovalRequest } from './prune.ts';
export { readLedgerState, type LedgerState } from './removals-state.ts';
