import type { Digest } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import {
  emptyRoot,
  parseCheckpoint,
  parseNote,
  verifyConsistency,
  verifyNote,
  type Checkpoint,
  type VerifierKey,
} from '../tree/index.ts';
import type { AddCheckpoint } from './request.ts';

/** A log that a witness looks after. */
export interface WitnessedLog {
  readonly origin: string;
  /** One of them must have signed. */
  readonly keys: readonly VerifierKey[];
}

/** The largest tree of a log that a witness has cosigned. */
export interface Cosigned {
  readonly size: number;
  readonly root: Digest;
}

/** What a witness knows of the log that a checkpoint is of. */
export interface Acquaintance {
  readonly log: WitnessedLog | undefined;
  /** Undefined where it has cosigned nothing of this log yet. */
  readonly last: Cosigned | undefined;
}

/** The head that is to be cosigned, and the text that is signed. */
export interface Cosignable {
  readonly checkpoint: Checkpoint;
  readonly text: string;
}

/** Which log a checkpoint says that it is of; nothing of it is verified yet. Refuses `witness.malformed`. */
export function originIn({ note }: AddCheckpoint): Result<string> {
  const opened = open(note);
  return opened.ok ? done(opened.value.checkpoint.origin) : opened;
}

/**
 * Whether a witness may cosign (C2SP tlog-witness, in the order of the checks there): only what a
 * known log has signed, and what has grown out of all that was cosigned before. Whoever asks keeps
 * the head, durably, before the cosignature is given away.
 *
 * Refuses `witness.malformed` for what is no checkpoint, or has become smaller; `witness.unknown-log`;
 * `witness.untrusted` for one that the log has not signed; `witness.stale` for another old size than
 * that of the last cosigned tree, which `details.size` tells; `witness.forked` for another tree of
 * the same size, and for one that has not grown out of the last, or whose proof does not show it;
 * `details` tells both sizes, and whether it is another tree of the cosigned size (`isConflict`).
 */
export function decideCosigning(
  request: AddCheckpoint,
  { log, last }: Acquaintance,
): Result<Cosignable> {
  const opened = open(request.note);
  if (!opened.ok) return opened;
  const { checkpoint, text } = opened.value;
  if (log?.origin !== checkpoint.origin) {
    return refused('witness.unknown-log', `no log ${checkpoint.origin} is known here`);
  }
  const note = parseNote(request.note);
  const verified = note.ok ? verifyNote(note.value, log.keys) : note;
  if (!verified.ok) return refused('witness.untrusted', verified.refusal.message);
  const { oldSize } = request;
  const { size, root } = checkpoint;
  if (oldSize > size) return malformed(`a tree of ${size} has not grown out of one of ${oldSize}`);
  const known = last ?? { size: 0, root: emptyRoot };
  if (oldSize !== known.size) {
    return refused('witness.stale', `the last cosigned tree has ${known.size} entries`, {
      details: { size: known.size },
    });
  }
  const proof = { type: 'consistency', from: oldSize, to: size, path: request.proof } as const;
  const broken = verifyConsistency(proof, known.root, root);
  if (broken !== undefined) {
    const why = `${size} entries are not those that have grown out of the cosigned ${oldSize}`;
    // What is no proof does not verify, whatever the roots are.
    const isConflict = oldSize === size && request.proof.length === 0;
    return refused('witness.forked', `${why}: ${broken.message}`, {
      details: { oldSize, size, isConflict },
    });
  }
  return done({ checkpoint, text });
}

function open(note: string): Result<Cosignable> {
  const parsed = parseNote(note);
  if (!parsed.ok) return malformed(parsed.refusal.message);
  const { text } = parsed.value;
  const checkpoint = parseCheckpoint(text);
  if (!checkpoint.ok) return malformed(checkpoint.refusal.message);
  return done({ checkpoint: checkpoint.value, text });
}

function malformed(why: string): Result<never> {
  return refused('witness.malformed', why);
}
