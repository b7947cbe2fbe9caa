export {
  bundlePath,
  bundlesBetween,
  decodeTile,
  encodeTile,
  parseBundlePath,
  parseTilePath,
  tilePath,
  tilesBetween,
  tileWidth,
  type BundlePlace,
  type Tile,
} from './tile.ts';
export { checkBundle, decodeBundle, encodeBundle } from './bundle.ts';
export { checkCompleteness, type Completeness, type StreamClaim } from './completeness.ts';
export {
  checkpointText,
  ledgerVerifier,
  openCheckpoint,
  originOf,
  parseCheckpoint,
  signCheckpoint,
  type Checkpoint,
  type CheckpointTrust,
  type OpenedCheckpoint,
} from './checkpoint.ts';
export { proveConsistency, verifyConsistency, type ConsistencyProof } from './consistency.ts';
export {
  emptyFrontier,
  grow,
  resumeFrontier,
  rootOf,
  type Frontier,
  type NodeSink,
} from './frontier.ts';
export { emptyRoot, nodeDigest } from './hash.ts';
export { emptyHeadsMap, withHeads, type HeadsMap } from './heads-map.ts';
export { headOf, proveHead, verifyHead, type HeadProof } from './heads-proof.ts';
export { proveInclusion, verifyInclusion, type InclusionProof } from './inclusion.ts';
export { formatNote, parseNote, signatureLine, type Note, type NoteSignature } from './note.ts';
export { splitNotes } from './notes.ts';
export { cosignNote, signNote, verifyNote, type VerifiedSignature } from './note-signature.ts';
export { formatProofFile, parseProofFile, verifyProofFile, type ProofFile } from './proof-file.ts';
export { parseProof, proofText, type Proof } from './proof-json.ts';
export { neededTiles } from './needed-tiles.ts';
export { rangeRoot, type NodeSource } from './range.ts';
export {
  emptyGrowth,
  growTiles,
  resumeGrowth,
  type TileGrowth,
  type WrittenTile,
} from './tile-growth.ts';
export { tileNodes, type TileReader } from './tile-nodes.ts';
export {
  isKeyName,
  parseVerifierKey,
  verifierKey,
  verifierKeyText,
  type NoteAlgorithm,
  type VerifierKey,
} from './verifier-key.ts';
