import { bytesOfHex, decodeBase64, encodeBase64, hexOfBytes } from '../encoding/index.ts';
import type { Digest } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { openCheckpoint, type CheckpointTrust, type OpenedCheckpoint } from './checkpoint.ts';
import { digestBytes } from './hash.ts';
import { verifyInclusion } from './inclusion.ts';

/** Inclusion with the signed head that it leads to: all that an offline verifier needs. */
export interface ProofFile {
  readonly index: number;
  readonly path: readonly Digest[];
  /** Signed note, as the log gave it. */
  readonly checkpoint: string;
  /** Not signed, and not to be believed. */
  readonly extra?: Uint8Array;
}

/** Above the 53 levels of the largest tree that is accepted. */
export const pathMax = 64;

const magic = 'c2sp.org/tlog-proof@v1';
const indexForm = /^index (0|[1-9][0-9]*)$/;
const extraPrefix = 'extra ';

/** Text of C2SP tlog-proof, version 1; kept in a file named `*.tlog-proof`. */
export function formatProofFile({ index, path, checkpoint, extra }: ProofFile): string {
  const head = [
    magic,
    ...(extra === undefined ? [] : [`${extraPrefix}${encodeBase64(extra)}`]),
    `index ${index}`,
    ...path.map((digest) => encodeBase64(bytesOfHex(digest))),
  ];
  return `${head.join('\n')}\n\n${checkpoint}`;
}

/** Refuses `proof.invalid`. */
export function parseProofFile(text: string): Result<ProofFile> {
  const blank = text.indexOf('\n\n');
  if (blank < 0) return malformed('it has no checkpoint');
  const [first, ...lines] = text.slice(0, blank).split('\n');
  if (first !== magic) return malformed(`it does not begin with ${magic}`);
  const extraLine = lines[0]?.startsWith(extraPrefix) === true ? lines.shift() : undefined;
  const extra = extraLine === undefined ? undefined : readExtra(extraLine);
  if (extraLine !== undefined && extra === undefined) return malformed('its extra data is wrong');
  const index = Number(indexForm.exec(lines.shift() ?? '')?.[1]);
  if (!Number.isSafeInteger(index)) return malformed('it has no index');
  if (lines.length > pathMax) return malformed('its path is too long');
  const path: Digest[] = [];
  for (const line of lines) {
    const bytes = decodeBase64(line);
    if (bytes?.length !== digestBytes) return malformed('a line of its path is no hash');
    path.push(hexOfBytes(bytes));
  }
  const checkpoint = text.slice(blank + 2);
  return done({ index, path, checkpoint, ...(extra === undefined ? {} : { extra }) });
}

/**
 * Whether the leaf stands where the text says, in a tree whose head is signed as `trust` asks.
 * Gives that head. Refuses `proof.invalid`, `checkpoint.invalid` and `verifier.invalid`.
 */
export function verifyProofFile(
  text: string,
  leaf: Digest,
  trust: CheckpointTrust,
): Result<OpenedCheckpoint> {
  const file = parseProofFile(text);
  if (!file.ok) return file;
  const opened = openCheckpoint(file.value.checkpoint, trust);
  if (!opened.ok) return opened;
  const { size, root } = opened.value.checkpoint;
  const { index, path } = file.value;
  const refusal = verifyInclusion({ type: 'inclusion', index, size, path }, leaf, root);
  return refusal === undefined ? opened : { ok: false, refusal };
}

function readExtra(line: string): Uint8Array | undefined {
  const bytes = decodeBase64(line.slice(extraPrefix.length));
  return bytes?.length === 0 ? undefined : bytes;
}

function malformed(message: string): Result<never> {
  return refused('proof.invalid', `not a proof of a transparency log: ${message}`);
}
