import {
  closed,
  exactly,
  isAscending,
  isDigest,
  isJsonObject,
  type Digest,
  type Form,
  type Json,
} from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import {
  originOf,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  verifierKeyText,
  type Checkpoint,
  type VerifierKey,
} from '../tree/index.ts';
import { formatVersions } from './limits.ts';

/** What an export is of. Nothing of it is to be believed before `ExportCheck`. */
export interface Manifest {
  readonly ledger: Digest;
  /** Names of the streams that are shown whole, ascending; null for the whole ledger. */
  readonly streams: readonly string[] | null;
  /** Whether the objects of the recorded workspaces stand behind the entries. */
  readonly workspaces: boolean;
  /** The signed note of the checkpoint. */
  readonly note: string;
  /** What the note tells. Whether it is signed is not looked at. */
  readonly checkpoint: Checkpoint;
  /** Keys of the ledger that have signed the note. */
  readonly keys: readonly VerifierKey[];
}

/** Stream that tells which keys a ledger trusts, and who may sign its checkpoints: every export has it. */
export const keysStream = 'ledger';

/** Streams that a partial export may name. */
const streamsMax = 100_000;

const isText: Form = (value) => typeof value === 'string';
const isTexts: Form = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const members = {
  checkpoint: isText,
  keys: isTexts,
  ledger: (value: Json | undefined) => isDigest(value),
  streams: (value: Json | undefined) => value === null || isTexts(value),
};

const forms = [
  closed({ ...members, version: exactly(formatVersions.plain) }),
  closed({
    ...members,
    version: exactly(formatVersions.withWorkspaces),
    workspaces: exactly(true),
  }),
];

/** Value of the member `export` of the first line. */
export function manifestJson({ ledger, streams, workspaces, note, keys }: Manifest): Json {
  const texts = keys.map(verifierKeyText);
  const shared = { checkpoint: note, keys: texts, ledger, streams };
  return workspaces
    ? { ...shared, version: formatVersions.withWorkspaces, workspaces }
    : { ...shared, version: formatVersions.plain };
}

interface ManifestFields {
  readonly checkpoint: string;
  readonly keys: readonly string[];
  readonly ledger: Digest;
  readonly streams: readonly string[] | null;
  readonly workspaces?: true;
}

/** Reads the value of the member `export`. Refuses `export.newer` and `export.invalid`. */
export function parseManifest(value: Json | undefined): Result<Manifest> {
  if (!isJsonObject(value)) return malformed('it is not an object');
  const version = value['version'];
  const latest = formatVersions.withWorkspaces;
  if (typeof version === 'number' && version > latest) {
    return refused('export.newer', `it has format ${version}, this version reads ${latest}`);
  }
  if (!forms.some((form) => form(value))) return malformed('it has not the members of one');
  return readFields(value as unknown as ManifestFields);
}

function readFields(fields: ManifestFields): Result<Manifest> {
  const { checkpoint: note, keys, ledger, streams, workspaces = false } = fields;
  const parsed = parseNote(note);
  if (!parsed.ok) return malformed(parsed.refusal.message);
  const checkpoint = parseCheckpoint(parsed.value.text);
  if (!checkpoint.ok) return malformed(checkpoint.refusal.message);
  const origin = originOf(ledger);
  if (checkpoint.value.origin !== origin) return malformed('its checkpoint is of another ledger');
  if (streams !== null && !isListOfStreams(streams)) {
    return malformed('its streams are not names in ascending order, or lack that of the keys');
  }
  const verifiers: VerifierKey[] = [];
  for (const key of keys) {
    const verifier = parseVerifierKey(key);
    if (!verifier.ok) return malformed(verifier.refusal.message);
    if (verifier.value.name !== origin || verifier.value.algorithm !== 'ed25519') {
      return malformed('a key of it is not one of the ledger');
    }
    verifiers.push(verifier.value);
  }
  if (verifiers.length === 0 || !isAscending(keys)) return malformed('its keys are out of order');
  return done({ ledger, streams, workspaces, note, checkpoint: checkpoint.value, keys: verifiers });
}

function isListOfStreams(streams: readonly string[]): boolean {
  return streams.length <= streamsMax && isAscending(streams) && streams.includes(keysStream);
}

function malformed(message: string): Result<never> {
  return refused('export.invalid', `the first line is not that of an export: ${message}`);
}
