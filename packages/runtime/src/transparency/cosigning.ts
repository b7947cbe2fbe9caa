import type { Digest, KeyId } from '@chancery/kernel/encoding';
import {
  done,
  refusal,
  refused,
  RefusalError,
  type Refusal,
  type Result,
} from '@chancery/kernel/refusal';
import {
  openCheckpoint,
  originOf,
  ledgerVerifier,
  parseNote,
  verifyNote,
  type NoteSignature,
  type VerifierKey,
} from '@chancery/kernel/tree';
import type { AddCheckpoint } from '@chancery/kernel/witness';
import type { LogOptions } from './log.ts';
import { proveGrowth } from './proving.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';
import { withSignature } from './witness.ts';

/** A witness that can be asked. */
export interface AskedWitness {
  /** Key that its cosignatures have to be made with. */
  readonly key: VerifierKey;
  /**
   * The lines of its answer. Refuses as the witness does: `witness.stale` with `details.size`,
   * `witness.forked`, `witness.untrusted`, `witness.unknown-log`, `witness.malformed`, and
   * `witness.unreachable`.
   */
  add(request: AddCheckpoint): Promise<Result<string>>;
}

/** What one witness said. */
export interface Cosigning {
  readonly witness: VerifierKey;
  readonly answer: Result<{ readonly timeS: number; readonly signature: NoteSignature }>;
}

/** How often a witness is asked again because it has cosigned another tree meanwhile. */
const maxAttempts = 4;

/**
 * Asks witnesses to cosign a checkpoint, all at once. What each said is given in their order; a
 * cosignature among it was verified.
 */
export function askWitnesses(
  log: LogOptions,
  signed: SignedCheckpoint,
  witnesses: readonly AskedWitness[],
): Promise<readonly Cosigning[]> {
  return Promise.all(
    witnesses.map(async (witness) => ({
      witness: witness.key,
      answer: await cosignature(log, signed, witness),
    })),
  );
}

/** The note with the cosignatures that were given. */
export function cosigned(note: string, cosignings: readonly Cosigning[]): string {
  return cosignings.reduce((signed, { answer }) => {
    const parsed = parseNote(signed);
    if (!parsed.ok) throw new RefusalError(parsed.refusal);
    return answer.ok ? withSignature(parsed.value, answer.value.signature) : signed;
  }, note);
}

/** Refuses `witness.too-few` for a note that fewer than `quorum` different witnesses have cosigned. */
export function reachesQuorum(
  note: string,
  ledger: Digest,
  trust: {
    readonly keys: readonly KeyId[];
    readonly witnesses: readonly VerifierKey[];
    readonly quorum: number;
  },
): Result<null> {
  const { keys, witnesses, quorum } = trust;
  const log = keys.map((key) => ledgerVerifier(ledger, key));
  const opened = openCheckpoint(note, { origin: originOf(ledger), log, witnesses, quorum });
  return opened.ok ? done(null) : refused('witness.too-few', opened.refusal.message);
}

async function cosignature(
  log: LogOptions,
  signed: SignedCheckpoint,
  witness: AskedWitness,
): Promise<Cosigning['answer']> {
  let oldSize = 0;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const request = await requestOf(log, signed, oldSize);
    const answer = await witness.add(request);
    if (answer.ok) return readCosignature(signed.note, answer.value, witness.key);
    if (answer.refusal.code !== 'witness.stale') return answer;
    const { size } = answer.refusal.details;
    const wrong = contradiction(signed, oldSize, size);
    if (wrong !== undefined) return { ok: false, refusal: wrong };
    oldSize = Number(size);
  }
  return refused('witness.stale', 'it cosigns other trees of this log at the same time');
}

async function requestOf(
  log: LogOptions,
  signed: SignedCheckpoint,
  oldSize: number,
): Promise<AddCheckpoint> {
  const { note } = signed;
  if (oldSize === 0) return { oldSize, proof: [], note };
  return { oldSize, proof: (await proveGrowth(log, signed, oldSize)).path, note };
}

/**
 * Whoever has lost entries, or was restored from an old copy, meets a witness that knows more. One
 * that tells the very size that it was asked with has cosigned another tree of that size.
 */
function contradiction(
  { checkpoint }: SignedCheckpoint,
  oldSize: number,
  size: unknown,
): Refusal | undefined {
  if (typeof size !== 'number') return refusal('witness.malformed', 'it tells no size');
  if (size === oldSize) {
    return refusal('witness.forked', `it has cosigned another tree of ${size} entries`);
  }
  if (size <= checkpoint.size) return undefined;
  const why = `it has cosigned ${size} entries of this ledger, and ${checkpoint.size} are here`;
  return refusal('witness.forked', `${why}: the end was cut off, or a copy goes on elsewhere`);
}

/** Its own line among those of the answer. Refuses `witness.malformed`. */
function readCosignature(note: string, lines: string, key: VerifierKey): Cosigning['answer'] {
  const own = parseNote(note);
  if (!own.ok) return own;
  const answered = parseNote(`${own.value.text}\n${lines}`);
  if (!answered.ok) return refused('witness.malformed', 'its answer is no cosignature');
  const verified = verifyNote(answered.value, [key]);
  if (!verified.ok) {
    return refused(
      'witness.malformed',
      `${key.name} has not cosigned: ${verified.refusal.message}`,
    );
  }
  const signature = answered.value.signatures.find(
    ({ name, hash }) => name === key.name && hash === key.hash,
  );
  const timeS = verified.value[0]?.timeS;
  return signature === undefined || timeS === undefined
    ? refused('witness.malformed', `the signature of ${key.name} is no cosignature`)
    : done({ timeS, signature });
}
