import {
  closed,
  decodeBase64,
  encodeBase64,
  exactly,
  isAscending,
  isDigest,
  isJsonObject,
  listOf,
  type Digest,
  type Form,
  type Json,
} from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { replyBytesMax, type TimestampFile } from '../timestamp/index.ts';
import {
  originOf,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  verifierKeyText,
  type Checkpoint,
  type VerifierKey,
} from '../tree/index.ts';
import { formatVersions, timestampsMax } from './limits.ts';

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
  /** What authorities attest of this checkpoint, or of earlier ones; see `timestampsInOrder`. */
  readonly timestamps: readonly TimestampFile[];
}

/** Stream that tells which keys a ledger trusts, and who may sign its checkpoints: every export has it. */
export const keysStream = 'ledger';

/** Streams that a partial export may name. */
const streamsMax = 100_000;

const isText: Form = (value) => typeof value === 'string';
const isTexts = listOf(isText);

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
  ...[{}, { workspaces: exactly(true) }].map((objects) =>
    closed({
      ...{ ...members, ...objects, version: exactly(formatVersions.withTimestamps) },
      timestamps: listOf(closed({ checkpoint: isText, reply: isText })),
    }),
  ),
];

/** Value of the member `export` of the first line. */
export function manifestJson(manifest: Manifest): Json {
  const { ledger, streams, workspaces, note, keys, timestamps } = manifest;
  const texts = keys.map(verifierKeyText);
  const objects = workspaces ? { workspaces } : {};
  const shared = { checkpoint: note, keys: texts, ledger, streams, ...objects };
  if (timestamps.length > 0) {
    const version = formatVersions.withTimestamps;
    return { ...shared, timestamps: timestamps.map(timestampJson), version };
  }
  const { plain, withWorkspaces } = formatVersions;
  return { ...shared, version: workspaces ? withWorkspaces : plain };
}

function timestampJson({ checkpoint, reply }: TimestampFile): TimestampFields {
  return { checkpoint, reply: encodeBase64(reply) };
}

/** As an export has them: each once, those of longer ledgers last. */
export function timestampsInOrder(timestamps: readonly TimestampFile[]): readonly TimestampFile[] {
  const byPlace = new Map(timestamps.map((each) => [placeOf(each), each]));
  return [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** What they are sorted by, ascending in code units. */
function placeOf({ checkpoint, reply }: TimestampFile): string {
  const [, size = ''] = checkpoint.split('\n');
  return `${size.padStart(16, '0')} ${checkpoint} ${encodeBase64(reply)}`;
}

interface ManifestFields {
  readonly checkpoint: string;
  readonly keys: readonly string[];
  readonly ledger: Digest;
  readonly streams: readonly string[] | null;
  readonly workspaces?: true;
  readonly timestamps?: readonly TimestampFields[];
}

type TimestampFields = { readonly checkpoint: string; readonly reply: string };

/** Reads the value of the member `export`. Refuses `export.newer` and `export.invalid`. */
export function parseManifest(value: Json | undefined): Result<Manifest> {
  if (!isJsonObject(value)) return malformed('it is not an object');
  const version = value['version'];
  const latest = formatVersions.withTimestamps;
  if (typeof version === 'number' && version > latest) {
    return refused('export.newer', `it has format ${version}, this version reads ${latest}`);
  }
  if (!forms.some((form) => form(value))) return malformed('it has not the members of one');
  return readFields(value as unknown as ManifestFields);
}

function readFields(fields: ManifestFields): Result<Manifest> {
  const { checkpoint: note, keys, ledger, streams, workspaces = false } = fields;
  const checkpoint = claimOf(note);
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
  const scope = { ledger, streams, workspaces, note, checkpoint: checkpoint.value };
  const timestamps = timestampsIn(fields, checkpoint.value);
  return timestamps.ok
    ? done({ ...scope, keys: verifiers, timestamps: timestamps.value })
    : timestamps;
}

function claimOf(note: string): Result<Checkpoint> {
  const parsed = parseNote(note);
  return parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
}

/** In an export of some streams only the checkpoint of the export can be compared with anything. */
function timestampsIn(
  { timestamps, checkpoint: note, streams }: ManifestFields,
  { origin, size }: Checkpoint,
): Result<readonly TimestampFile[]> {
  if (timestamps === undefined) return done([]);
  const read: TimestampFile[] = [];
  for (const { checkpoint, reply } of timestamps) {
    const bytes = decodeBase64(reply);
    const claim = claimOf(checkpoint);
    const isReply = bytes !== undefined && bytes.length > 0 && bytes.length <= replyBytesMax;
    if (!claim.ok || !isReply) return malformed('a timestamp of it is none');
    const isOwn = claim.value.origin === origin && claim.value.size <= size;
    if (!isOwn || (streams !== null && checkpoint !== note)) {
      return malformed('a timestamp of it is of a checkpoint that it does not cover');
    }
    read.push({ checkpoint, reply: bytes });
  }
  const isListed =
    read.length > 0 && read.length <= timestampsMax && isAscending(read.map(placeOf));
  return isListed ? done(read) : malformed('its timestamps are out of order, or too many');
}

function isListOfStreams(streams: readonly string[]): boolean {
  return streams.length <= streamsMax && isAscending(streams) && streams.includes(keysStream);
}

function malformed(message: string): Result<never> {
  return refused('export.invalid', `the first line is not that of an export: ${message}`);
}
