import type { Result } from '@chancery/kernel/refusal';

/** What may be told of a secret. */
export interface SecretEntry {
  /** As in its handle. */
  readonly name: string;
  /** Whose it is, see `isScope`. */
  readonly scope: string;
  /** When its value was set, milliseconds since the epoch: tells one value of a name from another. */
  readonly setAtMs: number;
  /**
   * Patterns of `host:port` whose requests alone may carry it. Without them it is for the environment of
   * commands, and for no request.
   */
  readonly hosts?: readonly string[];
}

/** A secret with its value, and with those that were in its place before. */
export interface LentSecret extends SecretEntry {
  readonly value: string;
  readonly earlier: readonly { readonly value: string; readonly setAtMs: number }[];
}

/**
 * Secrets that are lent to one execution at a time. Where it cannot be opened, is not there, was
 * changed by others or is locked, every call refuses (`vault.*`): it is never taken for an empty one.
 */
export interface Vault {
  /** What may be told of a secret. Refuses `vault.unknown-secret`. */
  find(name: string): Promise<Result<SecretEntry>>;
  /** The secret itself. Refuses `vault.unknown-secret`. */
  lend(name: string): Promise<Result<LentSecret>>;
}
