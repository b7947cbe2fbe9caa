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
  type RemovalEntry,
  type Removals,
} from './evolve.ts';
