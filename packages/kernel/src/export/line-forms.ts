import {
  canonicalText,
  closed,
  decodeBase64,
  encodeBase64,
  isCount,
  isDigest,
  isJsonObject,
  readCanonical,
  type Digest,
  type Json,
} from '../encoding/index.ts';
import { assert, done, refused, type Result } from '../refusal/index.ts';
import { parseProof, type HeadProof, type InclusionProof } from '../tree/index.ts';
import { entryBlobsBytesMax, partBytes } from './limits.ts';
import { manifestJson, parseManifest, type Manifest } from './manifest.ts';

/** A piece of the blob of an entry, or of an object of a workspace. */
export interface BlobPart {
  readonly digest: Digest;
  readonly part: number;
  readonly parts: number;
  readonly bytes: Uint8Array;
}

/** What stands at the end, about all lines before it. */
export interface ExportEnd {
  readonly digest: Digest;
  readonly entries: number;
  readonly lines: number;
}

/** One line, by itself. */
export type ExportLine =
  | { readonly type: 'export'; readonly manifest: Manifest }
  | { readonly type: 'stream'; readonly proof: HeadProof }
  | { readonly type: 'inclusion'; readonly proof: InclusionProof }
  | { readonly type: 'blob'; readonly part: BlobPart }
  | { readonly type: 'entry'; readonly text: string }
  | { readonly type: 'object'; readonly part: BlobPart }
  | { readonly type: 'end'; readonly end: ExportEnd };

/** Canonical text of an entry, and of nothing else in an export, begins so. */
const entryStart = '{"at":';

/** Depth of the nesting of every line that is not an entry. */
const lineDepth = 8;

const partsMax = Math.ceil(entryBlobsBytesMax / partBytes);

const isPart = closed({
  base64: (value) => typeof value === 'string',
  digest: (value) => isDigest(value),
  part: isCount,
  parts: isCount,
});

const isEnd = closed({ digest: (value) => isDigest(value), entries: isCount, lines: isCount });

/** Text of a line, without its newline. @throws {Fault} for an entry that is not canonical text. */
export function lineText(line: ExportLine): string {
  switch (line.type) {
    case 'entry':
      assert(line.text.startsWith(entryStart), 'the text of an entry begins with its time');
      return line.text;
    case 'export':
      return canonicalText({ export: manifestJson(line.manifest) });
    case 'stream':
      return canonicalText({ stream: line.proof });
    case 'inclusion':
      return canonicalText({ inclusion: line.proof });
    case 'blob':
      return canonicalText({ blob: partJson(line.part) });
    case 'object':
      return canonicalText({ object: partJson(line.part) });
    case 'end':
      return canonicalText({ end: line.end });
  }
}

function partJson({ bytes, ...rest }: BlobPart): Json {
  return { ...rest, base64: encodeBase64(bytes) };
}

/** Reads a line. Refuses `export.invalid` for what `lineText` would not have written, and `export.newer`. */
export function parseLine(text: string): Result<ExportLine> {
  if (text.startsWith(entryStart)) return done({ type: 'entry', text });
  const value = readCanonical(text, lineDepth);
  if (!isJsonObject(value)) return malformed('a line is not canonical JSON');
  const [name = '', ...others] = Object.keys(value);
  // A later version may have more beside the manifest.
  if (name === 'export' || Object.hasOwn(value, 'export')) {
    const manifest = parseManifest(value['export']);
    if (!manifest.ok) return manifest;
    if (others.length > 0) return malformed('the first line has members of no meaning');
    return done({ type: 'export', manifest: manifest.value });
  }
  if (others.length > 0 || !Object.hasOwn(readers, name)) return malformed('a line of no meaning');
  return readers[name as keyof typeof readers](value[name] ?? null);
}

const readers = {
  stream: (value: Json) => parseProofLine(value, 'head'),
  inclusion: (value: Json) => parseProofLine(value, 'inclusion'),
  blob: (value: Json) => parsePart('blob', value),
  object: (value: Json) => parsePart('object', value),
  end: (value: Json): Result<ExportLine> =>
    isEnd(value)
      ? done({ type: 'end', end: value as unknown as ExportEnd })
      : malformed('the last line has not the members of one'),
} as const;

function parseProofLine(value: Json, wanted: 'head' | 'inclusion'): Result<ExportLine> {
  const proof = parseProof(canonicalText(value));
  if (!proof.ok) return malformed(proof.refusal.message);
  if (proof.value.type === 'head' && wanted === 'head') {
    return done({ type: 'stream', proof: proof.value });
  }
  if (proof.value.type === 'inclusion' && wanted === 'inclusion') {
    return done({ type: 'inclusion', proof: proof.value });
  }
  return malformed('a proof of another kind');
}

interface PartFields extends Omit<BlobPart, 'bytes'> {
  readonly base64: string;
}

function parsePart(type: 'blob' | 'object', value: Json): Result<ExportLine> {
  if (!isPart(value)) return malformed(`a part of a ${type} has not the members of one`);
  const { base64, digest, part, parts } = value as unknown as PartFields;
  const bytes = decodeBase64(base64);
  const isLast = part === parts - 1;
  if (bytes === undefined || part >= parts || parts > partsMax) {
    return malformed(`a part of the ${type} ${digest} is none`);
  }
  const fits = isLast
    ? bytes.length <= partBytes && (bytes.length > 0 || parts === 1)
    : bytes.length === partBytes;
  if (!fits) return malformed(`a part of the ${type} ${digest} has another length`);
  return done({ type, part: { digest, part, parts, bytes } });
}

function malformed(message: string): Result<never> {
  return refused('export.invalid', message);
}
