import type { Digest } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import { evolveRemovals, noRemovals } from '../removal/index.ts';
import { openCheckpoint, originOf, type OpenedCheckpoint } from '../tree/index.ts';
import {
  foldTrust,
  isTrustEntry,
  headSigners,
  type PlacedTrustEntry,
  type Trust,
} from '../writ/index.ts';
import type { IsPrunedAfter } from './blobs-check.ts';
import type { Manifest } from './manifest.ts';

interface PlacedPruning {
  readonly entry: Entry<'blob.pruned'>;
  readonly position: number;
}

/** Follows the stream of the keys, to learn who may sign checkpoints, and what was pruned. */
export class TrustCheck {
  readonly #entries: PlacedTrustEntry[] = [];
  readonly #prunings: PlacedPruning[] = [];
  #trust: Trust | undefined;

  take(entry: Entry, position: number): void {
    if (isTrustEntry(entry)) this.#entries.push({ entry, position });
    else if (entry.kind === 'blob.pruned') this.#prunings.push({ entry, position });
  }

  /** What was pruned by a word that is signed by who may; nothing before the checkpoint is open. */
  prunings(): IsPrunedAfter {
    const prunedAt = new Map<Digest, number>();
    for (const { entry, position } of this.#prunings) {
      const trust = this.#trust;
      if (trust === undefined || !evolveRemovals(noRemovals, { entry, position }, trust).ok)
        continue;
      for (const blob of entry.body.blobs) prunedAt.set(blob, position);
    }
    return (blob, position) => (prunedAt.get(blob) ?? -1) > position;
  }

  /**
   * The checkpoint, signed by all keys that the manifest names, each of which the ledger trusted to run
   * when it had that size.
   * Refuses `export.tampered`.
   */
  open({ ledger, note, keys, checkpoint }: Manifest): Result<OpenedCheckpoint> {
    const trust = foldTrust(ledger, this.#entries);
    if (!trust.ok) return untrusted(trust.refusal.message);
    const signers = headSigners(trust.value, checkpoint.size);
    const stranger = keys.find(({ key }) => !signers.includes(key));
    if (stranger !== undefined)
      return untrusted(`the ledger does not trust ${stranger.key} to run`);
    const believed = { origin: originOf(ledger), log: keys, witnesses: [], quorum: 0 };
    const opened = openCheckpoint(note, believed);
    if (!opened.ok) return untrusted(opened.refusal.message);
    this.#trust = trust.value;
    const missing = opened.value.signatures.length < keys.length;
    return missing ? untrusted('a key that is named has not signed') : done(opened.value);
  }
}

function untrusted(message: string): Result<never> {
  return refused('export.tampered', `its checkpoint is not to be believed: ${message}`);
}
