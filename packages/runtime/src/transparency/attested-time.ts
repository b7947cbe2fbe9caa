import type { Result } from '@chancery/kernel/refusal';
import type { AttestedTime } from '@chancery/kernel/timestamp';

/** Port of a clock that somebody else holds, and signs with. */
export interface TimeAuthority {
  /**
   * Has it attested that these bytes exist now. The authority is sent their digest alone. The reply
   * has been checked by `checkReply` of the kernel. Refuses `timestamp.unreachable`,
   * `timestamp.refused`, and as that does.
   */
  attest(content: Uint8Array): Promise<Result<Attestation>>;
}

export interface Attestation {
  /** What the authority sent, to be kept: whoever trusts it can check it at any time. */
  readonly reply: Uint8Array;
  readonly time: AttestedTime;
}
