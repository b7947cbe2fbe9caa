import { bytesDigest, type Signer } from '@chancery/kernel/encoding';
import { assert, done, refused, type Result } from '@chancery/kernel/refusal';
import {
  cosignNote,
  formatNote,
  isKeyName,
  openCheckpoint,
  parseNote,
  signatureLine,
  verifierKey,
  type NoteSignature,
  type VerifierKey,
} from '@chancery/kernel/tree';
import {
  decideCosigning,
  originIn,
  parseAddCheckpoint,
  type Cosigned,
  type WitnessedLog,
} from '@chancery/kernel/witness';
import type { Clock } from '../journal/index.ts';
import { noteText } from './signed-checkpoint.ts';
import type { TileStore } from './tile-store.ts';

export interface WitnessOptions {
  /** Name that the cosignatures bear (C2SP signed-note). */
  readonly name: string;
  readonly signer: Signer;
  readonly logs: readonly WitnessedLog[];
  /** Where the cosigned checkpoints are kept, see `keptPath`. This witness alone writes there. */
  readonly kept: TileStore;
  readonly clock: Clock;
}

const utf8 = new TextEncoder();

/** Where the last cosigned checkpoint of a log stands (C2SP tlog-witness, monitoring). */
export function keptPath(origin: string): string {
  return `${bytesDigest(origin)}/checkpoint`;
}

/**
 * Cosigns the checkpoints of logs that it knows (C2SP tlog-witness). Of each log it has cosigned one
 * chain of trees that grow out of one another, and never says so before it has written it down.
 */
export class Witness {
  /** The key that verifies its cosignatures. */
  readonly key: VerifierKey;
  readonly #options: WitnessOptions;
  readonly #logs: ReadonlyMap<string, WitnessedLog>;
  /** The last request of each log: one waits for the other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: WitnessOptions) {
    assert(isKeyName(options.name), 'a witness has the name of a key');
    this.#options = options;
    this.#logs = new Map(options.logs.map((log) => [log.origin, log]));
    this.key = verifierKey(options.name, options.signer.id, 'cosignature');
  }

  /**
   * The line of a cosignature over the checkpoint of an `add-checkpoint` request. Refuses as
   * `parseAddCheckpoint` and `decideCosigning`.
   * @throws {RefusalError} `ledger.unreachable` where it cannot be written down; then nothing is cosigned.
   */
  async addCheckpoint(text: string): Promise<Result<string>> {
    const request = parseAddCheckpoint(text);
    if (!request.ok) return request;
    const origin = originIn(request.value);
    if (!origin.ok) return origin;
    const log = this.#logs.get(origin.value);
    if (log === undefined) return decideUnknown(origin.value);
    return this.#inTurn(log, async () => {
      const last = await this.#last(log);
      if (!last.ok) return last;
      const decided = decideCosigning(request.value, { log, last: last.value });
      return decided.ok ? done(await this.#cosign(log, request.value.note)) : decided;
    });
  }

  /** Writes the checkpoint down with the cosignature, which is given back. */
  async #cosign({ origin, keys }: WitnessedLog, note: string): Promise<string> {
    const { name, signer, clock, kept } = this.#options;
    const parsed = parseNote(note);
    assert(parsed.ok, 'the note was decided on');
    const { text } = parsed.value;
    const signatures = signaturesBy(keys, parsed.value.signatures);
    const own = cosignNote(text, name, signer, Math.floor(clock.nowMs() / 1_000));
    await kept.write(keptPath(origin), utf8.encode(withSignature({ text, signatures }, own)));
    return signatureLine(own);
  }

  /** Believes what it finds only by its own cosignature. Refuses `checkpoint.invalid`. */
  async #last({ origin, keys: log }: WitnessedLog): Promise<Result<Cosigned | undefined>> {
    const bytes = await this.#options.kept.read(keptPath(origin));
    if (bytes === undefined) return done(undefined);
    const trust = { origin, log, witnesses: [this.key], quorum: 1 };
    const opened = openCheckpoint(noteText(bytes), trust);
    if (opened.ok) return done(opened.value.checkpoint);
    const why = `what was kept of ${origin} is not what was cosigned: ${opened.refusal.message}`;
    return refused('checkpoint.invalid', why);
  }

  async #inTurn<T>({ origin }: WitnessedLog, act: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(origin) ?? Promise.resolve();
    // Whatever became of the one before, it is over.
    const turn = before.then(act, act);
    this.#turns.set(origin, turn);
    return turn;
  }
}

function decideUnknown(origin: string): Result<never> {
  return refused('witness.unknown-log', `no log ${origin} is known here`);
}

/**
 * The first signature of each key. Anybody can add lines to a checkpoint that is public: what is
 * kept and shown to others are those that were verified.
 */
function signaturesBy(
  keys: readonly VerifierKey[],
  signatures: readonly NoteSignature[],
): readonly NoteSignature[] {
  return keys.flatMap((key) => {
    const made = signatures.find(({ name, hash }) => name === key.name && hash === key.hash);
    return made === undefined ? [] : [made];
  });
}

/** A note with one more signature, in the place of one by the same key. */
export function withSignature(
  { text, signatures }: { readonly text: string; readonly signatures: readonly NoteSignature[] },
  added: NoteSignature,
): string {
  const others = signatures.filter(({ name, hash }) => name !== added.name || hash !== added.hash);
  return formatNote({ text, signatures: [...others, added] });
}
