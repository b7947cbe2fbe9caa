export { integrate, type LogOptions } from './log.ts';
export { proveEntry, proveGrowth, proveStream, type EntryProof } from './proving.ts';
export {
  checkpointPath,
  latestCheckpoint,
  openSigned,
  type SignedCheckpoint,
} from './signed-checkpoint.ts';
export { type TileStore } from './tile-store.ts';
