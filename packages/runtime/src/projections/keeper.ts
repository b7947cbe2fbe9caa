import { isCount, isDigest, leafDigest, type Digest, type Json } from '@chancery/kernel/encoding';
import { readEntry, type LedgerStore, type SealedEntry } from '@chancery/kernel/ledger';
import {
  invalidSnapshot,
  openState,
  sealState,
  type SnapshotGround,
} from '@chancery/kernel/replay';
import { done, refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import type { Signer } from '@chancery/kernel/encoding';

/** Something that is shown, folded from the entries of a whole ledger. */
export interface Projection<S> {
  readonly name: string;
  /** Whether entries of a stream say anything of it; others are not opened. */
  readonly concerns: (stream: string) => boolean;
  readonly initial: () => S;
  /** The state after an entry; the one that is given may be used up. */
  readonly evolve: (state: S, sealed: SealedEntry) => S;
  readonly save: (state: S) => Json;
  /** What `save` gave; undefined for anything else. */
  readonly restore: (json: Json) => S | undefined;
}

/** A projection that has taken all entries before a position. */
export interface Kept<S> {
  readonly state: S;
  readonly position: number;
  /** Digest of the last entry before the position; null at 0. */
  readonly last: Digest | null;
}

export function keptFromStart<S>(projection: Projection<S>): Kept<S> {
  return { state: projection.initial(), position: 0, last: null };
}

const pageSize = 1_000;

/**
 * Takes the entries that follow, in the order of the ledger; `kept` is used up.
 * @throws {RefusalError} `ledger.corrupt`, naming the entry.
 */
export async function keepUp<S>(
  store: LedgerStore,
  projection: Projection<S>,
  kept: Kept<S>,
): Promise<Kept<S>> {
  let { state, position, last } = kept;
  for (;;) {
    const page = await store.readAll(position, pageSize);
    for (const stored of page) {
      if (projection.concerns(stored.stream)) {
        const read = readEntry(stored);
        if (!read.ok) throw corrupt(stored.stream, stored.seq, read.refusal.message);
        state = projection.evolve(state, read.value);
      }
      position += 1;
    }
    const end = page.at(-1);
    if (end !== undefined) last = leafDigest(end.text);
    if (page.length < pageSize) return { state, position, last };
  }
}

const type = 'application/vnd.chancery.projection+json';
const form = {
  projection: (value: Json | undefined) => typeof value === 'string',
  position: isCount,
  last: (value: Json | undefined) => value === null || isDigest(value),
  state: (value: Json | undefined) => value !== undefined,
};

/** Signs what a projection has come to. */
export function saveKept<S>(
  { name, save }: Projection<S>,
  { state, position, last }: Kept<S>,
  request: { readonly ledger: Digest; readonly by: Signer },
): Uint8Array {
  return sealState(type, { projection: name, position, last, state: save(state) }, request);
}

/**
 * A projection as it was saved: signed by a trusted key for this ledger, and of a ledger that has the
 * very entry that it has taken last. Refuses `snapshot.invalid`, and `ledger.newer` for one of a later
 * version; then it is folded from the start.
 */
export async function restoreKept<S>(
  store: LedgerStore,
  projection: Projection<S>,
  bytes: Uint8Array,
  ground: SnapshotGround,
): Promise<Result<Kept<S>>> {
  const opened = openState(bytes, { type, form }, ground);
  if (!opened.ok) return opened;
  const { projection: name, state: saved = null } = opened.value;
  const position = opened.value['position'] as number;
  const last = opened.value['last'] as Digest | null;
  if (name !== projection.name) return invalidSnapshot('it is of another projection');
  const [taken] = position === 0 ? [] : await store.readAll(position - 1, 1);
  const found = taken === undefined ? null : leafDigest(taken.text);
  if (found !== last) return invalidSnapshot('the ledger does not go on from where it ends');
  const state = projection.restore(saved);
  return state === undefined
    ? invalidSnapshot('its state is malformed')
    : done({ state, position, last });
}

export function corrupt(stream: string, seq: number, why: string): RefusalError {
  return new RefusalError(refusal('ledger.corrupt', `entry ${seq} of ${stream}: ${why}`));
}
