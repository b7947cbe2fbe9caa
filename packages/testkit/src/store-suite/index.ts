export { genesis, headAfter, ledgerHead, ledgerId, someBatch, turn, turns } from './batches.ts';
export { startChild, type Child } from './child.ts';
export { crashSuite, type CrashPlace } from './crash.ts';
export { flawsOf, readHistory } from './history.ts';
export type { Runner, StoreHarness, StorePlace } from './harness.ts';
export { pruning, pruningBatch } from './prune.ts';
export { pruneUntilKilled } from './pruner.ts';
export { storeSuite } from './suite.ts';
export { writeUntilKilled } from './writer.ts';
