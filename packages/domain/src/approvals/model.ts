import type { Channels } from '@chancery/kernel/channel';
import type { Digest, Envelope, KeyId } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import type { Trust } from '@chancery/kernel/writ';

export type ApprovalRequest = Body<'approval.requested'>;
export type ApprovalOutcome = Body<'approval.resolved'>['outcome'];

/** What is known of the approval of one action, folded from its stream. */
export type Approval =
  | { readonly phase: 'none' }
  | {
      readonly phase: 'open';
      /** Digest of the request entry; a vote names it. */
      readonly requestDigest: Digest;
      readonly request: ApprovalRequest;
      /** Channels on which it was asked since it was held, the one that it was held on first. */
      readonly channels: readonly string[];
      readonly votes: readonly Envelope[];
      /** Positions of their entries in the order of the whole ledger. */
      readonly votedAt: readonly (number | undefined)[];
    }
  | {
      readonly phase: 'resolved';
      readonly requestDigest: Digest;
      readonly request: ApprovalRequest;
      /** Channels on which it was asked since it was held, the one that it was held on first. */
      readonly channels: readonly string[];
      readonly votes: readonly Envelope[];
      /** Positions of their entries in the order of the whole ledger. */
      readonly votedAt: readonly (number | undefined)[];
      /** As the entry says; what the votes say is for whoever relies on it to count. */
      readonly outcome: ApprovalOutcome;
      readonly voters: readonly KeyId[];
      readonly resolvedAtMs: number;
    };

export const initialApproval: Approval = { phase: 'none' };

export type ApprovalCommand =
  | { readonly type: 'request'; readonly request: ApprovalRequest }
  | { readonly type: 'vote'; readonly vote: Envelope }
  /** Ends a request whose time has run out. */
  | { readonly type: 'expire' }
  /** Asks anew on the next channel, where nobody has decided in time. */
  | { readonly type: 'escalate'; readonly channels: Channels };

/** Recorded facts that a decision on an approval needs beside its own stream. */
export interface ApprovalContext {
  readonly trust: Trust;
  /** Key that proposed the action; it never approves it. */
  readonly proposer: KeyId;
  readonly nowMs: number;
}

/** Stream on which the approval of an action is recorded. */
export function approvalStream(action: Digest): string {
  return `approval:${action}`;
}

/** Commands that each phase takes; `decide` consults it and the documentation prints it. */
export const approvalTransitions: Readonly<
  Record<Approval['phase'], readonly ApprovalCommand['type'][]>
> = {
  none: ['request'],
  open: ['vote', 'expire', 'escalate'],
  // A grant that no longer reaches the quorum that policy asks for is asked for again.
  resolved: ['request'],
};
