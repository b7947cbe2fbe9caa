import { leafDigest, type Digest, type KeyId } from '../encoding/index.ts';
import { done, Fault, refusal, refused, type Refusal, type Result } from '../refusal/index.ts';
import { envelopeVersion } from './catalogue.ts';
import { checkEntry } from './checkers.generated.ts';
import { checkBody, checkHome } from './check-body.ts';
import type { Draft, Entry, Head, SealedEntry } from './entry.ts';
import { checkEntryLength } from './entry-length.ts';
import { entryText } from './entry-text.ts';

export interface SealRequest {
  /** Id of the ledger; null for the batch that begins with its genesis. */
  readonly ledger: Digest | null;
  readonly by: KeyId;
  readonly nowMs: number;
  readonly batchId: string;
  /** Present heads of the streams that are written; null, or no member, for a new stream. */
  readonly heads: ReadonlyMap<string, Head | null>;
  readonly drafts: readonly Draft[];
  /** W3C `traceparent`. */
  readonly trace?: string | undefined;
}

export interface Sealed {
  /** In the order of the drafts. */
  readonly entries: readonly SealedEntry[];
  /** Heads of the written streams after this batch. */
  readonly heads: ReadonlyMap<string, Head>;
}

/**
 * Makes a batch of entries of drafts: checks each body, gives place, link, batch mark, canonical
 * text and digest. The bodies are taken as they are and must not be changed afterwards.
 * Refuses `entry.invalid`, `entry.unknown-kind` and `entry.too-long`, naming the draft.
 */
export function sealBatch(request: SealRequest): Result<Sealed> {
  const { drafts } = request;
  if (drafts.length === 0) return refused('entry.invalid', 'a batch without an entry');
  const heads = new Map<string, Head>();
  const entries: SealedEntry[] = [];
  let ledger = request.ledger;
  for (const [index, draft] of drafts.entries()) {
    const head = heads.get(draft.stream) ?? request.heads.get(draft.stream) ?? null;
    const cause = causeOf(draft, entries);
    if (!cause.ok) return refuseDraft(index, draft, cause.refusal);
    const sealed = sealEntry(request, draft, {
      seq: head === null ? 0 : head.seq + 1,
      prev: head === null ? ledger : head.digest,
      cause: cause.value,
      index,
    });
    if (!sealed.ok) return refuseDraft(index, draft, sealed.refusal);
    entries.push(sealed.value);
    heads.set(draft.stream, { seq: sealed.value.entry.seq, digest: sealed.value.digest });
    ledger ??= sealed.value.digest;
  }
  return done({ entries, heads });
}

interface Place {
  readonly seq: number;
  readonly prev: Digest | null;
  readonly cause: Digest | null;
  readonly index: number;
}

function sealEntry(request: SealRequest, draft: Draft, place: Place): Result<SealedEntry> {
  const wrong =
    checkBody(draft.kind, draft.body) ??
    checkHome(draft.kind, draft.stream) ??
    checkGenesis(draft, place);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  const entry = {
    v: envelopeVersion,
    stream: draft.stream,
    seq: place.seq,
    prev: place.prev,
    kind: draft.kind,
    at: request.nowMs,
    by: request.by,
    cause: place.cause,
    batch: { id: request.batchId, index: place.index, size: request.drafts.length },
    body: draft.body,
  } as Entry;
  if (request.trace !== undefined) Object.assign(entry, { trace: request.trace });
  const misshapen = checkEntry(entry);
  if (misshapen !== undefined) return refused('entry.invalid', `the entry: ${misshapen}`);
  const text = textOf(entry);
  if (!text.ok) return text;
  const long = checkEntryLength(text.value);
  if (long !== undefined) return { ok: false, refusal: long };
  return done({ entry, text: text.value, digest: leafDigest(text.value) });
}

function causeOf(draft: Draft, earlier: readonly SealedEntry[]): Result<Digest | null> {
  const { cause } = draft;
  if (typeof cause !== 'number') return done(cause ?? null);
  const causing = earlier[cause];
  if (causing === undefined) {
    return refused('entry.invalid', `its cause, ${cause}, is not an earlier draft of the batch`);
  }
  return done(causing.digest);
}

/** A ledger begins with its genesis, and has no other. */
export function checkGenesis(
  entry: { readonly kind: string; readonly stream: string },
  place: { readonly seq: number; readonly prev: Digest | null },
): Refusal | undefined {
  const first = place.prev === null;
  if (first === (entry.kind === 'ledger.created') && (!first || place.seq === 0)) return undefined;
  return refusal('entry.invalid', 'a ledger begins with ledger.created, and has it nowhere else');
}

function textOf(entry: Entry): Result<string> {
  try {
    return done(entryText(entry));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return refused('entry.invalid', `it cannot be recorded: ${error.message}`);
  }
}

function refuseDraft(index: number, draft: Draft, why: Refusal): Result<never> {
  return {
    ok: false,
    refusal: {
      ...why,
      message: `draft ${index}: ${why.message}`,
      details: { ...why.details, draft: index, kind: draft.kind, stream: draft.stream },
    },
  };
}
