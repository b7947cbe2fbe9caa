import type { Digest } from '@chancery/kernel/encoding';
import type { Result } from '@chancery/kernel/refusal';

/**
 * Keeps a key for each subject, and seals and opens contents with it. The id of a key tells nothing
 * of the subject: it is what the ledger names. Who destroys a key makes all that it sealed
 * unreadable, here and in every copy.
 */
export interface SubjectKeys {
  /** Id of the key of a subject, made where there is none. Refuses as the keys of people do. */
  ensure(subject: string): Result<Digest>;
  /** Ids of the keys of a subject: none where it is not known. */
  find(subject: string): Result<readonly Digest[]>;
  /** The sealed form of bytes, another one each time. Refuses `key.missing`. */
  seal(key: Digest, bytes: Uint8Array): Result<Uint8Array>;
  /** Refuses `key.missing`; `ledger.corrupt` for what this key has not sealed so. */
  open(key: Digest, sealed: Uint8Array): Result<Uint8Array>;
  /** Destroys a key for good; one that is not there is destroyed already. */
  destroy(key: Digest): Result<null>;
}
