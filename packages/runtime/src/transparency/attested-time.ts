import { type Result } from '@chancery/kernel/refusal';

/** A time that an authority attests: what it signed existed by then. */
export interface AttestedTime {
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  /** By how much it may be off, both ways; null where the authority does not tell. */
  readonly accuracyMs: number | null;
  /** Of the attestation among all of the authority, hexadecimal. */
  readonly serial: string;
  /** Under which of its policies, a dotted object identifier. */
  readonly policy: string;
  /** Subject of the certificate that it signed with. */
  readonly authority: string;
}

/** Port of a clock that somebody else holds, and signs with. */
export interface TimeAuthority {
  /**
   * Has it attested that these bytes exist now. The authority is sent their digest alone. The reply
   * has been checked as `checkTime` does. Refuses `timestamp.unreachable`, `timestamp.refused`, and
   * as `checkTime`.
   */
  attest(content: Uint8Array): Promise<Result<Attestation>>;
}

export interface Attestation {
  /** What the authority sent, to be kept: whoever trusts it can check it at any time. */
  readonly reply: Uint8Array;
  readonly time: AttestedTime;
}

/**
 * Checks a reply that was kept against the bytes that it is said to attest, without any network.
 * Refuses `timestamp.invalid`, `timestamp.mismatch`, `timestamp.untrusted`.
 */
export type CheckTime = (reply: Uint8Array, content: Uint8Array) => Result<AttestedTime>;
