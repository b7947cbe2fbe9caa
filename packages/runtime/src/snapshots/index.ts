export { foldOn, foldRunState, type FoldedRun, type FoldOptions } from './fold-run.ts';
export { RunSnapshots, snapshotEveryEntries, type KeepingOptions } from './keep.ts';
export {
  newestSnapshot,
  snapshotStream,
  type LedgerSource,
  type NewestSnapshot,
  type RefusedSnapshot,
} from './newest.ts';
export { snapshotRun, type SnapshotOfRun, type SnapshotOptions } from './take.ts';
