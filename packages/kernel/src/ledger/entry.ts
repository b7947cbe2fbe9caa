import type { Digest, KeyId } from '../encoding/index.ts';
import type { Body, Kind } from './catalogue.ts';

/** What was appended together. A member that is missing is visible. */
export interface BatchMark {
  readonly id: string;
  readonly index: number;
  readonly size: number;
}

export interface EntryOf<K extends Kind> {
  readonly v: 1;
  readonly stream: string;
  /** 0, 1, 2 … contiguous within the stream. */
  readonly seq: number;
  /** Digest of the stream's previous entry; at 0 the ledger id; null for the genesis alone. */
  readonly prev: Digest | null;
  readonly kind: K;
  /** Recorded time, milliseconds since the epoch. Order is position, never time. */
  readonly at: number;
  readonly by: KeyId;
  /** Digest of the entry that caused this one. */
  readonly cause: Digest | null;
  readonly batch: BatchMark;
  /** W3C trace context, version 00 `traceparent`. */
  readonly trace?: string;
  readonly body: Body<K>;
}

/** An entry of one of the kinds; narrowing on `kind` narrows `body`. */
export type Entry<K extends Kind = Kind> = K extends Kind ? EntryOf<K> : never;

/** What is to be appended; stream position, time and batch are given when it is sealed. */
export type Draft<K extends Kind = Kind> = K extends Kind
  ? {
      readonly stream: string;
      readonly kind: K;
      readonly body: Body<K>;
      /** Digest of an earlier entry, or the index of an earlier draft of the same batch. */
      readonly cause?: Digest | number | null;
    }
  : never;

/** An entry with the bytes that are stored and the digest that names it. */
export interface SealedEntry<K extends Kind = Kind> {
  readonly entry: Entry<K>;
  /** Canonical text (JCS). Stored as written, verified as stored. */
  readonly text: string;
  readonly digest: Digest;
  /** Place in the order of the whole ledger, where it was read from one. */
  readonly position?: number;
}

/** Last entry of a stream. A stream without entries has no head (`null`). */
export interface Head {
  readonly seq: number;
  readonly digest: Digest;
}
