import { leafDigest, maxDepth, readCanonical } from '../encoding/index.ts';
import { Fault, refusal, type Refusal, type Result } from '../refusal/index.ts';
import { checkEntry } from './checkers.generated.ts';
import { checkBody, checkHome } from './check-body.ts';
import { type Entry, type SealedEntry } from './entry.ts';
import { checkGenesis } from './seal.ts';
import { type StoredEntry } from './store.ts';

/**
 * Reads stored bytes, and accepts only what this version could have written at that place:
 * canonical form, envelope, kind, body, home stream. Says nothing of links, which need neighbours.
 * Refuses `entry.invalid` and `entry.unknown-kind`.
 */
export function readEntry(stored: Omit<StoredEntry, 'position'>): Result<SealedEntry> {
  // The body may be as deep as a record; the envelope stands around it.
  const value = readCanonical(stored.text, maxDepth + 1);
  if (value === undefined) return no('the text is not canonical JSON');
  const misshapen = checkEntry(value);
  if (misshapen !== undefined) return no(`the entry: ${misshapen}`);
  const entry = value as unknown as Entry;
  if (entry.stream !== stored.stream || entry.seq !== stored.seq) {
    return no(`it says that it is entry ${entry.seq} of ${entry.stream}`);
  }
  const wrong =
    checkBody(entry.kind, entry.body) ??
    checkHome(entry.kind, entry.stream) ??
    checkGenesis(entry, entry);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  return { ok: true, value: { entry, text: stored.text, digest: leafDigest(stored.text) } };
}

/**
 * Reads stored bytes like `readEntry`.
 * @throws {Fault} naming stream and seq, when they are not what this version could have written.
 */
export function openEntry(stored: Omit<StoredEntry, 'position'>): SealedEntry {
  const read = readEntry(stored);
  if (read.ok) return read.value;
  throw new Fault(`entry ${stored.seq} of ${stored.stream}: ${read.refusal.message}`);
}

function no(message: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: refusal('entry.invalid', message) };
}
