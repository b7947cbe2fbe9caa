import { leafDigest, maxDepth, readCanonical } from '../encoding/index.ts';
import { Fault, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { checkEntry } from './checkers.generated.ts';
import { checkBody, checkHome } from './check-body.ts';
import type { Entry, SealedEntry } from './entry.ts';
import { readFast } from './fast-reader.ts';
import { checkGenesis } from './seal.ts';
import type { StoredEntry } from './store.ts';

/** An entry that was read. */
export interface ReadEntry extends SealedEntry {
  /** Canonical text of what its body names by a digest, see `namedMembers`, where it is at hand. */
  readonly named: string | undefined;
}

/**
 * Reads stored bytes, and accepts only what this version could have written at that place:
 * canonical form, envelope, kind, body, home stream. Says nothing of links, which need neighbours.
 * Refuses `entry.invalid` and `entry.unknown-kind`.
 */
export function readEntry(stored: Omit<StoredEntry, 'position'>): Result<ReadEntry> {
  const { stream, seq, text } = stored;
  const fast = readFast(text, stream);
  if (fast === undefined) return readExactly(stored);
  const { entry, digest, named } = fast;
  const wrong =
    checkPlace(entry, stream, seq) ??
    checkHome(entry.kind, entry.stream) ??
    checkGenesis(entry, entry);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  return { ok: true, value: { entry, text, digest, named } };
}

/** Reads stored bytes like `readEntry`, one check after another, and can say what is wrong. */
function readExactly({ stream, seq, text }: Omit<StoredEntry, 'position'>): Result<ReadEntry> {
  // The body may be as deep as a record; the envelope stands around it.
  const value = readCanonical(text, maxDepth + 1);
  if (value === undefined) return refused('entry.invalid', 'the text is not canonical JSON');
  const misshapen = checkEntry(value);
  if (misshapen !== undefined) return refused('entry.invalid', `the entry: ${misshapen}`);
  const entry = value as unknown as Entry;
  const wrong =
    checkPlace(entry, stream, seq) ??
    checkBody(entry.kind, entry.body) ??
    checkHome(entry.kind, entry.stream) ??
    checkGenesis(entry, entry);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  return { ok: true, value: { entry, text, digest: leafDigest(text), named: undefined } };
}

function checkPlace(entry: Entry, stream: string, seq: number): Refusal | undefined {
  if (entry.stream === stream && entry.seq === seq) return undefined;
  return refusal('entry.invalid', `it says that it is entry ${entry.seq} of ${entry.stream}`);
}

/**
 * Reads stored bytes like `readEntry`.
 * @throws {Fault} naming stream and seq, when they are not what this version could have written.
 */
export function openEntry(stored: Omit<StoredEntry, 'position'>): SealedEntry {
  const read = readEntry(stored);
  if (!read.ok) {
    throw new Fault(`entry ${stored.seq} of ${stored.stream}: ${read.refusal.message}`);
  }
  const { entry, text, digest } = read.value;
  return { entry, text, digest };
}
