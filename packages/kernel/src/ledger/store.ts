import type { Digest } from '../encoding/index.ts';
import type { Result } from '../refusal/index.ts';
import type { Head, SealedEntry } from './entry.ts';

/** Contents that entries of a batch refer to; stored with it, atomically. */
export interface Blob {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** A head that the batch relies on. `null`: the stream must not exist. */
export interface HeadExpectation {
  readonly stream: string;
  readonly head: Head | null;
}

/** One atomic append. */
export interface SealedBatch {
  /** Sealed upon `writes`, contiguous within each stream. */
  readonly entries: readonly SealedEntry[];
  /** Heads of the written streams before this batch. */
  readonly writes: readonly HeadExpectation[];
  /** Heads of further streams that the decision relied on. */
  readonly reads: readonly HeadExpectation[];
  readonly blobs: readonly Blob[];
}

/** Why nothing was written: a head is another than the batch relied on. */
export interface Conflict {
  readonly stream: string;
  readonly expected: Head | null;
  readonly actual: Head | null;
}

export type AppendOutcome =
  | {
      readonly kind: 'appended';
      /** Position of the batch's first entry in integration order. */
      readonly position: number;
    }
  | { readonly kind: 'conflict'; readonly conflict: Conflict };

export interface StoredEntry {
  /** Place in the order of the whole ledger: 0, 1, 2 … without gap. */
  readonly position: number;
  readonly stream: string;
  readonly seq: number;
  /** Bytes as they were written; not trusted before `verify` has seen them. */
  readonly text: string;
}

export interface StreamHead {
  readonly stream: string;
  readonly head: Head;
}

/**
 * Where a ledger is kept. All methods reject with a `RefusalError` for what the outside does wrong
 * (`ledger.corrupt`, `ledger.unreachable`, `ledger.newer`) and with a `Fault` for a broken assumption.
 */
export interface LedgerStore {
  /**
   * Writes the whole batch or nothing. Resolves after the durable barrier; a caller that saw
   * `appended` finds the batch again after any crash. Never retried by the store itself.
   * The blobs that a `blob.pruned` of the batch names are gone with it, in the same transaction.
   * Nothing else removes bytes: a blob that no entry names so cannot be removed.
   */
  append(batch: SealedBatch): Promise<AppendOutcome>;
  head(stream: string): Promise<Head | null>;
  /** Heads of streams, in the order asked for, all of one moment. */
  heads(streams: readonly string[]): Promise<readonly (Head | null)[]>;
  /** Entries of a stream from `fromSeq`, in order, at most `limit`; fewer only at the end. */
  read(stream: string, fromSeq: number, limit: number): Promise<readonly StoredEntry[]>;
  /** Entries of the whole ledger from `fromPosition`, in integration order, at most `limit`. */
  readAll(fromPosition: number, limit: number): Promise<readonly StoredEntry[]>;
  /** Heads of all streams whose name begins with `prefix`, by name, in code unit order. */
  streams(prefix: string): Promise<readonly StreamHead[]>;
  /** Contents of a blob, checked against the digest; undefined when it is not there. */
  blob(digest: Digest): Promise<Uint8Array | undefined>;
  /**
   * Calls back when there may be new entries: after each durable append of this process, and soon
   * after those of others. Appends in quick succession may be told together. Returns how to stop it.
   */
  subscribe(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Checks a batch before it is written: catalogue, schema, digest, chain. Part of every store. */
export type BatchCheck = (batch: SealedBatch) => Result<null>;
