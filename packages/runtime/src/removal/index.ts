export { ContentSource, type Found } from './content-source.ts';
export { eraseKeys, planErasure, type ErasurePlan } from './erase.ts';
export { goneRefusal, type BlobReference, type Gone } from './gone.ts';
export { planPrune, type PlannedBlob, type PruneChoice, type PrunePlan } from './plan.ts';
export { pruneBlobs, type RemovalRequest } from './prune.ts';
export { erasureOf } from './removals-state.ts';
export type { SubjectKeys } from './subject-keys.ts';
