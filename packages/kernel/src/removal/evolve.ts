import type { Digest, KeyId } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { believe, isTrustedFor, type SayingRule, type Trust } from '../writ/index.ts';
import { blobListDigest, readErasure, readPruning } from './removal.ts';

/** Who had something removed, when, and why. */
export interface Removal {
  readonly by: KeyId;
  readonly atMs: number;
  readonly reason: string;
}

/** What is gone by a signed word, as the stream `ledger` tells it so far. */
export interface Removals {
  /** By digest of the blob; the last time counts. */
  readonly pruned: ReadonlyMap<Digest, Removal>;
  /** By id of the subject's key. */
  readonly erased: ReadonlyMap<Digest, Removal>;
}

export const noRemovals: Removals = { pruned: new Map(), erased: new Map() };

/** Entries that removals are folded from. */
export type RemovalEntry = Entry<'blob.pruned'> | Entry<'subject.erased'>;

/** One of them, with its place in the order of the whole ledger, left out for what is recorded now. */
export interface PlacedRemoval {
  readonly entry: RemovalEntry;
  readonly position?: number | undefined;
}

export function isRemovalEntry(entry: Entry): entry is RemovalEntry {
  return entry.kind === 'blob.pruned' || entry.kind === 'subject.erased';
}

const saying: SayingRule = {
  what: 'the removal',
  may: mayRemove,
  lacks: 'may not have anything removed',
};

/**
 * The removals after an entry, see `believe`: its signer is a root or trusted for approving. It stands
 * even where that key is found to be compromised: what is gone is gone, and verification lists it.
 * Refuses with `envelope.invalid`.
 */
export function evolveRemovals(
  { pruned, erased }: Removals,
  { entry, position }: PlacedRemoval,
  present: Trust,
): Result<Removals> {
  const placed = { entry, position };
  if (entry.kind === 'subject.erased') {
    const read = readErasure(entry.body.envelope);
    if (!read.ok) return read;
    const counts = believe(read.value, placed, saying, present);
    if (!counts.ok) return counts;
    const { key, reason } = read.value.said;
    return done({ pruned, erased: new Map(erased).set(key, removalOf(entry, reason)) });
  }
  const { blobs, envelope } = entry.body;
  const read = readPruning(envelope);
  if (!read.ok) return read;
  const counts = believe(read.value, placed, saying, present);
  if (!counts.ok) return counts;
  if (read.value.said.blobs !== blobListDigest(blobs)) {
    return refused('envelope.invalid', 'other blobs are signed than the entry names');
  }
  const removal = removalOf(entry, read.value.said.reason);
  return done({
    pruned: new Map([...pruned, ...blobs.map((blob) => [blob, removal] as const)]),
    erased,
  });
}

function removalOf({ by, at }: RemovalEntry, reason: string): Removal {
  return { by, atMs: at, reason };
}

/** Whether a key may have contents removed: that of a human. */
export function mayRemove(trust: Trust, key: KeyId, at?: number): boolean {
  return trust.genesis.roots.includes(key) || isTrustedFor(trust, key, 'approve', at);
}
