import {
  bytesOfHex,
  decodeBase64,
  encodeBase64,
  hexOfBytes,
  type Digest,
} from '../encoding/index.ts';
import { assert, done, refused, type Result } from '../refusal/index.ts';

/** What a log asks a witness for (C2SP tlog-witness, `add-checkpoint`). */
export interface AddCheckpoint {
  /** Size of the tree that the witness is believed to have cosigned last; 0 for none. */
  readonly oldSize: number;
  /** Path of a proof that the new tree has grown out of that one; empty where `oldSize` is 0. */
  readonly proof: readonly Digest[];
  /** The new checkpoint, signed by the log. */
  readonly note: string;
}

/** A tree has at most 2⁶³ leaves, so that no path of a proof is longer. */
const proofMost = 63;
const digestBytes = 32;
const sizeLine = /^old (0|[1-9][0-9]{0,15})$/;

/** Body of the request. @throws {Fault} for what `parseAddCheckpoint` would not read. */
export function addCheckpointText({ oldSize, proof, note }: AddCheckpoint): string {
  assert(Number.isSafeInteger(oldSize) && oldSize >= 0, 'a tree has no such size');
  assert(proof.length <= proofMost, 'no proof of consistency is as long');
  const lines = proof.map((digest) => `${encodeBase64(bytesOfHex(digest))}\n`);
  return `old ${oldSize}\n${lines.join('')}\n${note}`;
}

/** Refuses `witness.malformed`. The note is not looked into. */
export function parseAddCheckpoint(text: string): Result<AddCheckpoint> {
  const blank = text.indexOf('\n\n');
  if (blank < 0) return malformed('no empty line stands before the checkpoint');
  const [first = '', ...lines] = text.slice(0, blank).split('\n');
  const digits = sizeLine.exec(first)?.[1];
  if (digits === undefined || !Number.isSafeInteger(Number(digits))) {
    return malformed('it begins with no size');
  }
  if (lines.length > proofMost) return malformed('its proof is too long');
  const proof: Digest[] = [];
  for (const line of lines) {
    const bytes = decodeBase64(line);
    if (bytes?.length !== digestBytes) return malformed('a line of its proof is no hash');
    proof.push(hexOfBytes(bytes));
  }
  return done({ oldSize: Number(digits), proof, note: text.slice(blank + 2) });
}

function malformed(why: string): Result<never> {
  return refused('witness.malformed', `the request cannot be read: ${why}`);
}
