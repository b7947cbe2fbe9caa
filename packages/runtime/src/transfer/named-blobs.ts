import type { Digest } from '@chancery/kernel/encoding';
import {
  contentsOf,
  readEntry,
  type Blob,
  type LedgerStore,
  type StoredEntry,
} from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';

/** What only an entry that names a blob, or has some pruned, holds. */
const starts = ['"blob":{', '"kind":"blob.pruned"'] as const;

/** Gives the blobs that entries name as they pass by, less those that were pruned later. */
export class NamedBlobs {
  readonly #store: LedgerStore;
  readonly #absent = new Map<Digest, number>();
  readonly #prunedAt = new Map<Digest, number>();

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  /**
   * Those of an entry, each once, in its order.
   * @throws {RefusalError} `ledger.corrupt`.
   */
  async of(stored: StoredEntry): Promise<readonly Blob[]> {
    if (!starts.some((start) => stored.text.includes(start))) return [];
    const read = readEntry(stored);
    if (!read.ok) throw corrupt(`entry ${stored.seq} of ${stored.stream}: ${read.refusal.message}`);
    const { entry } = read.value;
    if (entry.kind === 'blob.pruned') {
      for (const blob of entry.body.blobs) this.#prunedAt.set(blob, stored.position);
    }
    const blobs = new Map<Digest, Blob>();
    for (const content of contentsOf(entry)) {
      if ('inline' in content) continue;
      const { digest, mediaType } = content.blob;
      const bytes = await this.#store.blob(digest);
      if (bytes === undefined) this.#absent.set(digest, stored.position);
      else blobs.set(digest, { digest, mediaType, bytes });
    }
    return [...blobs.values()];
  }

  /**
   * To be called after all entries.
   * @throws {RefusalError} `ledger.corrupt` for a blob that is gone and that no entry has pruned.
   */
  checkAbsent(): void {
    for (const [digest, position] of this.#absent) {
      if ((this.#prunedAt.get(digest) ?? -1) > position) continue;
      throw corrupt(`the blob ${digest} is missing, and no entry up to its checkpoint prunes it`);
    }
  }
}

function corrupt(message: string): RefusalError {
  const remedy =
    'Sign a new head with `chancery checkpoint` if contents were pruned since; otherwise run `chancery verify`.';
  return new RefusalError(
    refusal('ledger.corrupt', `the ledger cannot be exported: ${message}`, { remedy }),
  );
}
