import { bytesDigest, type Digest } from '@chancery/kernel/encoding';
import {
  findConflict,
  headsAfter,
  prunedBlobs,
  type AppendOutcome,
  type Head,
  type LedgerStore,
  type SealedBatch,
  type StoredEntry,
  type StreamHead,
} from '@chancery/kernel/ledger';
import { assert, RefusalError, refusal } from '@chancery/kernel/refusal';

/** A ledger in memory, gone with the process. For tests and trials: nothing of it is durable. */
export class MemoryStore implements LedgerStore {
  readonly #entries: StoredEntry[] = [];
  readonly #streams = new Map<string, StoredEntry[]>();
  readonly #heads = new Map<string, Head>();
  readonly #blobs = new Map<Digest, Uint8Array>();
  readonly #listeners = new Set<() => void>();
  #ledger: Digest | null = null;
  #closed = false;

  async append(batch: SealedBatch): Promise<AppendOutcome> {
    this.#assertOpen();
    const conflict = findConflict(batch, (stream) => this.#heads.get(stream) ?? null);
    if (conflict !== undefined) return { kind: 'conflict', conflict };
    const heads = headsAfter(batch, this.#ledger);
    if (!heads.ok) throw new RefusalError(heads.refusal);
    for (const { digest, bytes } of batch.blobs) {
      if (bytesDigest(bytes) !== digest) {
        throw new RefusalError(refusal('entry.invalid', `blob ${digest} has another digest`));
      }
    }
    const position = this.#write(batch);
    for (const [stream, head] of heads.value) this.#heads.set(stream, head);
    for (const listener of this.#listeners) queueMicrotask(listener);
    return { kind: 'appended', position };
  }

  async head(stream: string): Promise<Head | null> {
    this.#assertOpen();
    return this.#heads.get(stream) ?? null;
  }

  async heads(streams: readonly string[]): Promise<readonly (Head | null)[]> {
    this.#assertOpen();
    return streams.map((stream) => this.#heads.get(stream) ?? null);
  }

  async read(stream: string, fromSeq: number, limit: number): Promise<readonly StoredEntry[]> {
    this.#assertOpen();
    return page(this.#streams.get(stream) ?? [], fromSeq, limit);
  }

  async readAll(fromPosition: number, limit: number): Promise<readonly StoredEntry[]> {
    this.#assertOpen();
    return page(this.#entries, fromPosition, limit);
  }

  async streams(prefix: string): Promise<readonly StreamHead[]> {
    this.#assertOpen();
    return [...this.#heads]
      .filter(([stream]) => stream.startsWith(prefix))
      .map(([stream, head]) => ({ stream, head }))
      .sort((a, b) => (a.stream < b.stream ? -1 : 1));
  }

  async blob(digest: Digest): Promise<Uint8Array | undefined> {
    this.#assertOpen();
    return this.#blobs.get(digest)?.slice();
  }

  subscribe(listener: () => void): () => void {
    this.#assertOpen();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
  }

  #write(batch: SealedBatch): number {
    const first = this.#entries.length;
    for (const { entry, text, digest } of batch.entries) {
      const { stream, seq } = entry;
      const stored = Object.freeze({ position: this.#entries.length, stream, seq, text });
      const of = this.#streams.get(stream);
      if (of === undefined) this.#streams.set(stream, [stored]);
      else of.push(stored);
      this.#entries.push(stored);
      this.#ledger ??= digest;
    }
    for (const { digest, bytes } of batch.blobs) this.#blobs.set(digest, bytes.slice());
    for (const digest of prunedBlobs(batch.entries)) this.#blobs.delete(digest);
    return first;
  }

  #assertOpen(): void {
    if (this.#closed) throw new RefusalError(refusal('ledger.unreachable', 'the store is closed'));
  }
}

function page(entries: readonly StoredEntry[], from: number, limit: number): StoredEntry[] {
  assert(from >= 0 && limit >= 0, 'a page begins at 0 or later and has no negative size');
  return entries.slice(from, from + limit);
}
