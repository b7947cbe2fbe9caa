export {
  blobListDigest,
  readErasure,
  readPruning,
  signErasure,
  signPruning,
  type Erasure,
  type Pruning,
} from './removal.ts';
export {
  evolveRemovals,
  isRemovalEntry,
  mayRemove,
  noRemovals,
  type Removal,
  type PlacedRemoval,
  type RemovalEntry,
  type Removals,
} from './evolve.ts';
