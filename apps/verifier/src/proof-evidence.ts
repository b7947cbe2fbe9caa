import {
  canonicalText,
  closed,
  exactly,
  isCount,
  isDigest,
  isJsonObject,
  parseRecord,
  type Digest,
  type JsonObject,
} from '@chancery/kernel/encoding';
import { refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import { parseProof, parseProofFile, type Proof } from '@chancery/kernel/tree';

/** A proof that somebody hands over, with the checkpoint that it is for: nothing of it is believed. */
export interface GivenProof {
  readonly proof: Proof | UnsizedInclusion;
  /** A signed note. */
  readonly checkpoint: string;
  /** Text of the entry that it is about, where it came along. */
  readonly entry: string | undefined;
}

/** The proof of a `tlog-proof` file is for the size of its checkpoint, whichever that is. */
export interface UnsizedInclusion {
  readonly type: 'inclusion';
  readonly index: number;
  readonly size: undefined;
  readonly path: readonly Digest[];
}

/** No proof is longer: its entry, escaped, and its path are far below. */
export const proofBytesMax = 1024 * 1024;

/** Bytes by which a proof is told from an export. */
export const proofStartBytes = 64;

const tlogStart = 'c2sp.org/tlog-proof@';
const jsonStart = /^\s*\{\s*"type"\s*:\s*"proof"/;

/** Whether what begins so is meant to be a proof. */
export function beginsProof(start: string): boolean {
  return start.startsWith(tlogStart) || jsonStart.test(start);
}

const isEntry = closed({
  position: isCount,
  seq: isCount,
  stream: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string',
});

const isLine = closed({
  type: exactly('proof'),
  proof: isJsonObject,
  entry: (value) => value === null || isEntry(value),
  leaf: (value) => value === null || isDigest(value),
  checkpoint: (value) => typeof value === 'string',
});

interface Line {
  readonly proof: JsonObject;
  readonly entry: { readonly text: string } | null;
  readonly checkpoint: string;
}

/**
 * A proof as `chancery prove` prints it, as JSON or as C2SP tlog-proof has it.
 * @throws {RefusalError} `proof.invalid`.
 */
export function readProof(text: string): GivenProof {
  if (text.startsWith(tlogStart)) {
    const { index, path, checkpoint } = granted(parseProofFile(text));
    const proof = { type: 'inclusion', index, size: undefined, path } as const;
    return { proof, checkpoint, entry: undefined };
  }
  const parsed = parseRecord(text.trim());
  const value = parsed.ok ? parsed.value : null;
  if (!isLine(value)) {
    const message = 'it has not the members of what `chancery prove --json` prints';
    throw new RefusalError(refusal('proof.invalid', message));
  }
  // What it says of the entry beside its text is not needed: the text says it, and is proved.
  const { proof, entry, checkpoint } = value as unknown as Line;
  return { proof: granted(parseProof(canonicalText(proof))), checkpoint, entry: entry?.text };
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}
