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
