export { bytesOfHex, decodeBase64, encodeBase64, hexOfBytes } from './bytes.ts';
export { canonicalText, maxDepth, recordText } from './canonical.ts';
export { whyUnrecordable } from './recordable.ts';
export { CanonicalCursor } from './canonical-cursor.ts';
export { readCanonical } from './canonical-reader.ts';
export {
  bytesDigest,
  isDigest,
  leafDigest,
  objectDigest,
  textDigest,
  type Digest,
  type ObjectType,
} from './digest.ts';
export { detached } from './detached.ts';
export { DigestMap } from './digest-map.ts';
export { wordAt, wordText } from './digest-words.ts';
export {
  envelopeOf,
  openEnvelope,
  openUnsigned,
  preAuthEncoding,
  sealEnvelope,
  signEnvelope,
  type Envelope,
  type EnvelopeSignature,
  type OpenedEnvelope,
  type PayloadType,
} from './envelope.ts';
export { readStatement, type ReadStatement, type StatementType } from './statement.ts';
export {
  closed,
  exactly,
  isAscending,
  isCount,
  listOf,
  misfit,
  textOf,
  type Form,
} from './form.ts';
export { isJsonObject, type Json, type JsonObject } from './json.ts';
export { isKeyId, signerOf, verifySignature, type KeyId, type Signer } from './key.ts';
export { isUsableKey } from './key-point.ts';
export { parseRecord } from './parse.ts';
export { exceedsChars } from './size.ts';
export type { Curve, Hash, SignatureKey, SignedMessage } from './signature-key.ts';
export { digestHex, ed25519Signer, signatureHolds } from '#crypto';
