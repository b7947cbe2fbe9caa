import { type Digest, type KeyId } from '../encoding/index.ts';
import { type Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { isTrustedFor, withoutCompromises, type Trust } from '../writ/index.ts';
import {
  blobListDigest,
  readErasure,
  readPruning,
  type Erasure,
  type Pruning,
  type ReadRemoval,
} from './removal.ts';

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

/**
 * The removals after an entry. What is signed names the ledger and the entry before it, so that it
 * cannot be recorded a second time, here or elsewhere; its signer is the author of the entry, and a
 * root or trusted for approving. It stands even where that key is found to be compromised: what is
 * gone is gone, and verification lists it. Refuses with `envelope.invalid`.
 */
export function evolveRemovals(
  { pruned, erased }: Removals,
  { entry, position }: PlacedRemoval,
  present: Trust,
): Result<Removals> {
  const by = { trust: withoutCompromises(present), at: position };
  if (entry.kind === 'subject.erased') {
    const read = checked(entry, readErasure(entry.body.envelope), by);
    if (!read.ok) return read;
    return done({ pruned, erased: new Map(erased).set(read.value.key, removalOf(entry, read)) });
  }
  const { blobs, envelope } = entry.body;
  const read = checked(entry, readPruning(envelope), by);
  if (!read.ok) return read;
  if (read.value.blobs !== blobListDigest(blobs)) {
    return refused('envelope.invalid', 'other blobs are signed than the entry names');
  }
  const removal = removalOf(entry, read);
  return done({
    pruned: new Map([...pruned, ...blobs.map((blob) => [blob, removal] as const)]),
    erased,
  });
}

/** Whether a key may have contents removed: that of a human. */
export function mayRemove(trust: Trust, key: KeyId, at?: number): boolean {
  return trust.genesis.roots.includes(key) || isTrustedFor(trust, key, 'approve', at);
}

function removalOf(
  { by, at }: Entry,
  { value: { reason } }: { readonly value: Pruning | Erasure },
): Removal {
  return { by, atMs: at, reason };
}

function checked<R extends Pruning | Erasure>(
  { by, prev }: Entry,
  read: Result<ReadRemoval<R>>,
  { trust, at }: { readonly trust: Trust; readonly at: number | undefined },
): Result<R> {
  if (!read.ok) return read;
  const { removal, signer } = read.value;
  if (removal.ledger !== trust.ledger || removal.after !== prev) {
    return refused('envelope.invalid', 'the removal was signed for another place');
  }
  if (signer !== by) {
    return refused('envelope.invalid', 'the removal is signed by another key than its author');
  }
  if (!mayRemove(trust, signer, at))
    return refused('envelope.invalid', `${signer} may not have anything removed`);
  return done(removal);
}
