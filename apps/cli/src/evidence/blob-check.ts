import type { Digest } from '@chancery/kernel/encoding';
import { contentsOf, readEntry, type LedgerStore, type StoredEntry } from '@chancery/kernel/ledger';
import { RefusalError } from '@chancery/kernel/refusal';
import type { BlobReader, Finding, Verifier } from '@chancery/kernel/replay';
import type { BlobReference, SubjectKeys } from '@chancery/runtime/removal';

/** A content that an entry names and that could not be read. */
interface Absent {
  readonly place: Pick<StoredEntry, 'stream' | 'seq' | 'position'>;
  readonly blob: BlobReference;
  /** `sealed`: it is there, and its key is not. */
  readonly how: 'missing' | 'altered' | 'unopened' | 'sealed';
}

/** An absent content that nobody has had removed. */
export type LostBlob = Omit<Finding, 'code'> & { readonly code: 'blob.missing' };

const lostWhy: Readonly<Record<Absent['how'], string>> = {
  missing: 'is missing, and nobody has pruned it',
  altered: 'is altered',
  unopened: 'does not open with the key that the entry names',
  sealed: 'is sealed with a key that is not here',
};

/** A content that was removed by a signed word, of an entry that names it. */
export interface RemovedContent {
  readonly stream: string;
  readonly digest: Digest;
}

/** Gives verification the contents that stand outside their entries, and accounts for the others. */
export class BlobCheck {
  private readonly store: LedgerStore;
  private readonly keys: SubjectKeys;
  private readonly atHand = new Map<Digest, Uint8Array>();
  private readonly absent: Absent[] = [];

  constructor(store: LedgerStore, keys: SubjectKeys) {
    this.store = store;
    this.keys = keys;
  }

  readonly reader: BlobReader = (digest) => this.atHand.get(digest);

  /** Takes the contents of the next entries; those of entries before are let go. */
  async gather(page: readonly StoredEntry[]): Promise<void> {
    this.atHand.clear();
    for (const stored of page) {
      const read = stored.text.includes('"blob":{') ? readEntry(stored) : undefined;
      // An entry that cannot be read is a finding of its own.
      for (const content of read?.ok === true ? contentsOf(read.value.entry) : []) {
        if ('inline' in content) continue;
        const bytes = await this.bytesOf(content.blob);
        if (bytes instanceof Uint8Array) this.atHand.set(content.blob.digest, bytes);
        else this.absent.push({ place: stored, blob: content.blob, how: bytes });
      }
    }
  }

  /** What of the absent contents the whole ledger accounts for. */
  finish(verifier: Verifier) {
    const { erased } = verifier.removals;
    const pruned: Absent[] = [];
    const erasures: Absent[] = [];
    const others: Absent[] = [];
    for (const each of this.absent) {
      const { blob, how, place } = each;
      const isErased = how === 'sealed' && erased.has(blob.key ?? '');
      const isPruned = how === 'missing' && verifier.isPrunedAfter(blob.digest, place.position);
      (isPruned ? pruned : isErased ? erasures : others).push(each);
    }
    const unexplained = new Set(others.map(({ place }) => place.position));
    const explained = [...pruned, ...erasures]
      .map(({ place }) => place.position)
      .filter((position) => !unexplained.has(position));
    return {
      lost: others.filter(({ how }) => how !== 'sealed').map(lostBlob),
      pruned: pruned.map(removedContent),
      erased: erasures.map(removedContent),
      /** Positions of entries of which everything that is absent was removed by a signed word. */
      explained: new Set(explained),
    };
  }

  private async bytesOf({ digest, key }: BlobReference): Promise<Uint8Array | Absent['how']> {
    const bytes = await this.stored(digest);
    if (!(bytes instanceof Uint8Array) || key === undefined) return bytes;
    const opened = this.keys.open(key, bytes);
    if (opened.ok) return opened.value;
    if (opened.refusal.code === 'ledger.corrupt') return 'unopened';
    if (opened.refusal.code === 'key.missing') return 'sealed';
    throw new RefusalError(opened.refusal);
  }

  private async stored(digest: Digest): Promise<Uint8Array | 'missing' | 'altered'> {
    try {
      return (await this.store.blob(digest)) ?? 'missing';
    } catch (error) {
      if (error instanceof RefusalError && error.refusal.code === 'ledger.corrupt')
        return 'altered';
      throw error;
    }
  }
}

function removedContent({ place, blob }: Absent): RemovedContent {
  return { stream: place.stream, digest: blob.digest };
}

function lostBlob({ place, blob, how }: Absent): LostBlob {
  const { stream, seq, position } = place;
  const message = `the blob ${blob.digest} ${lostWhy[how]}`;
  return { severity: 'tampered', code: 'blob.missing', stream, seq, position, message };
}
