export type { Anchor, AnchorSource } from './anchor.ts';
export {
  askWitnesses,
  cosigned,
  reachesQuorum,
  type AskedWitness,
  type Cosigning,
} from './cosigning.ts';
export type { Attestation, TimeAuthority } from './attested-time.ts';
export { keepIntegrated, type KeepOptions } from './keep.ts';
export type { HeldLease, Lease } from './lease.ts';
export { adopt, integrate, Integration, type LogOptions } from './log.ts';
export { proveEntry, proveGrowth, proveStream, proveStreams, type EntryProof } from './proving.ts';
export { rebuild, type RebuildOptions, type Rebuilt } from './rebuild.ts';
export {
  checkpointPath,
  latestCheckpoint,
  noteText,
  openSigned,
  type SignedCheckpoint,
} from './signed-checkpoint.ts';
export { keptPath, Witness, type WitnessOptions } from './witness.ts';
export type { TileStore } from './tile-store.ts';
