import { sha256Hex } from '#crypto';
import { recordText } from './canonical.ts';

/** SHA-256 in lowercase hexadecimal, 64 characters. */
export type Digest = string;

const digestForm = /^[0-9a-f]{64}$/;

export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && digestForm.test(value);
}

/** Types of objects that are hashed; part of what is hashed, so that none can stand for another. */
export type ObjectType =
  | 'action'
  | 'approver-delegation'
  | 'arguments'
  | 'blob-list'
  | 'bundle'
  | 'catalogue'
  | 'contract'
  | 'intent'
  | 'manifest'
  | 'mcp-tool'
  | 'policy-rule'
  | 'policy-set'
  | 'program-row'
  | 'remembered-rule'
  | 'request'
  | 'routing-decision'
  | 'run-state'
  | 'undo-plan'
  | 'world'
  | 'writ';

/** Digest of an entry: RFC 6962 leaf hash, SHA-256(0x00 ‖ canonical bytes). */
export function leafDigest(canonical: string): Digest {
  return sha256Hex(`\u0000${canonical}`);
}

/** Digest of an object other than an entry: SHA-256 of `chancery:<type>:v1\n` ‖ JCS bytes. */
export function objectDigest(type: ObjectType, value: unknown): Digest {
  return textDigest(type, recordText(value));
}

/** Digest of an object whose canonical text is at hand, as `recordText` writes it. */
export function textDigest(type: ObjectType, canonical: string): Digest {
  return sha256Hex(`chancery:${type}:v1\n${canonical}`);
}

/** Digest of raw bytes, as the content-addressed blob store names them. */
export function bytesDigest(bytes: Uint8Array | string): Digest {
  return sha256Hex(bytes);
}
