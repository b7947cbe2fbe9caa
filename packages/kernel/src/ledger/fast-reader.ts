import { CanonicalCursor, maxDepth, type Digest } from '../encoding/index.ts';
import type { Entry } from './entry.ts';
import { bodyReaders, readEntryOf } from './readers.generated.ts';

/** What was read of a text. */
export interface FastRead {
  readonly entry: Entry;
  readonly digest: Digest;
  /** Canonical text of what the body names by a digest, see `namedMembers`. */
  readonly named: string | undefined;
}

/** Longer entries are read otherwise. */
const roomBytes = 1 << 18;
const cursor = new CanonicalCursor(roomBytes);
/** `,"ki`, and what is left of `,"kind":"`. */
const kindMember = { word: 0x2c226b69, gap: 5 } as const;
/** Behind the kind stand `prev`, `seq`, `trace` and `v`, and `stream`, which counts by itself. */
const mostBehindKind = 225;

/**
 * The entry of a canonical text, envelope and body by their schemas, in one pass. Undefined for every
 * other text, and for a few that are right: those are for `readCanonical` and the checks. `stream` is
 * where the entry should be, and is not checked.
 */
export function readFast(text: string, stream: string): FastRead | undefined {
  if (!cursor.open(text)) return undefined;
  // The kind stands behind the body. This only guesses; it is read again in its place.
  const { word, gap } = kindMember;
  const row = bodyReaders.get(cursor.peek(word, gap, mostBehindKind + stream.length) ?? '');
  if (row === undefined) return undefined;
  // The body may be as deep as a record; the envelope stands around it.
  const entry = readEntryOf(cursor, maxDepth + 1, row.kind, row.read);
  if (entry === undefined || !cursor.isAtEnd) return undefined;
  return { entry: entry as Entry, digest: cursor.leafDigest(), named: cursor.aside };
}
