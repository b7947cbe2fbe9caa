import { decodeBase64, encodeBase64, isDigest } from '@chancery/kernel/encoding';
import {
  readEntry,
  type AppendOutcome,
  type Blob,
  type Head,
  type HeadExpectation,
  type SealedBatch,
  type SealedEntry,
} from '@chancery/kernel/ledger';
import {
  done,
  refusal,
  refusalCodes,
  type Refusal,
  type RefusalCode,
  type Result,
} from '@chancery/kernel/refusal';

/** What the owner answers. `fault` is a broken assumption of its own, told in words. */
export type Answer =
  | { readonly kind: 'outcome'; readonly outcome: AppendOutcome }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'fault'; readonly message: string };

export interface Request {
  readonly id: number;
  readonly batch: Result<SealedBatch>;
}

export interface Reply {
  readonly id: number;
  readonly answer: Answer;
}

/** Entries travel as text alone: what is not in the text cannot be claimed of them. */
export function encodeRequest(id: number, { entries, writes, reads, blobs }: SealedBatch): string {
  return JSON.stringify({
    id,
    entries: entries.map(({ entry: { stream, seq }, text }) => ({ stream, seq, text })),
    writes,
    reads,
    blobs: blobs.map(({ digest, mediaType, bytes }) => ({
      digest,
      mediaType,
      base64: encodeBase64(bytes),
    })),
  });
}

/** A request; undefined when it is none, not even one that could be answered. */
export function parseRequest(text: string): Request | undefined {
  return attempt(() => {
    const fields = closed(JSON.parse(text), ['id', 'entries', 'writes', 'reads', 'blobs']);
    const entries: SealedEntry[] = [];
    const id = integer(fields['id']);
    const parts = {
      writes: list(fields['writes']).map(expectation),
      reads: list(fields['reads']).map(expectation),
      blobs: list(fields['blobs']).map(blob),
    };
    for (const item of list(fields['entries'])) {
      const { stream, seq, text } = closed(item, ['stream', 'seq', 'text']);
      const read = readEntry({ stream: string(stream), seq: integer(seq), text: string(text) });
      if (!read.ok) return { id, batch: read };
      entries.push(read.value);
    }
    return { id, batch: done({ entries, ...parts }) };
  });
}

export function encodeReply({ id, answer }: Reply): string {
  return JSON.stringify({ id, answer });
}

/** A reply; undefined when it is none. */
export function parseReply(text: string): Reply | undefined {
  return attempt(() => {
    const { id, answer } = closed(JSON.parse(text), ['id', 'answer']);
    return { id: integer(id), answer: parseAnswer(answer) };
  });
}

function parseAnswer(value: unknown): Answer {
  const { kind } = object(value);
  switch (kind) {
    case 'outcome':
      return { kind, outcome: parseOutcome(closed(value, ['kind', 'outcome'])['outcome']) };
    case 'refusal':
      return { kind, refusal: parseRefusal(closed(value, ['kind', 'refusal'])['refusal']) };
    case 'fault':
      return { kind, message: string(closed(value, ['kind', 'message'])['message']) };
    default:
      throw new Misread();
  }
}

function parseOutcome(value: unknown): AppendOutcome {
  const { kind } = object(value);
  if (kind === 'appended') {
    return { kind, position: integer(closed(value, ['kind', 'position'])['position']) };
  }
  if (kind !== 'conflict') throw new Misread();
  const { conflict } = closed(value, ['kind', 'conflict']);
  const { stream, expected, actual } = closed(conflict, ['stream', 'expected', 'actual']);
  return {
    kind,
    conflict: { stream: string(stream), expected: head(expected), actual: head(actual) },
  };
}

function parseRefusal(value: unknown): Refusal {
  const fields = closed(value, ['code', 'message', 'remedy', 'retryable', 'details']);
  const code = string(fields['code']);
  if (!Object.hasOwn(refusalCodes, code)) throw new Misread();
  const details: Record<string, string | number | boolean> = {};
  for (const [name, detail] of Object.entries(object(fields['details']))) {
    if (!['string', 'number', 'boolean'].includes(typeof detail)) throw new Misread();
    details[name] = detail as string | number | boolean;
  }
  const remedy = string(fields['remedy']);
  return refusal(code as RefusalCode, string(fields['message']), { remedy, details });
}

class Misread extends Error {}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Misread || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Misread();
  return value as Readonly<Record<string, unknown>>;
}

/** An object with exactly these members. */
function closed<K extends string>(
  value: unknown,
  keys: readonly K[],
): Readonly<Record<K, unknown>> {
  const fields = object(value);
  const isClosed = Object.keys(fields).length === keys.length;
  if (!isClosed || !keys.every((key) => Object.hasOwn(fields, key))) throw new Misread();
  return fields;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Misread();
  return value;
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new Misread();
  return value;
}

function integer(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Misread();
  return value as number;
}

function head(value: unknown): Head | null {
  if (value === null) return null;
  const { seq, digest } = closed(value, ['seq', 'digest']);
  if (!isDigest(digest)) throw new Misread();
  return { seq: integer(seq), digest };
}

function expectation(value: unknown): HeadExpectation {
  const fields = closed(value, ['stream', 'head']);
  return { stream: string(fields.stream), head: head(fields.head) };
}

function blob(value: unknown): Blob {
  const { digest, mediaType, base64 } = closed(value, ['digest', 'mediaType', 'base64']);
  const bytes = decodeBase64(string(base64));
  if (!isDigest(digest) || bytes === undefined) throw new Misread();
  return { digest, mediaType: string(mediaType), bytes };
}
