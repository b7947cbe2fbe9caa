import type { Digest, KeyId } from '@chancery/kernel/encoding';
import type { Draft, HeadExpectation } from '@chancery/kernel/ledger';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import {
  delegateApproval,
  delegationId,
  endDelegation,
  isTrustedFor,
  mayEndDelegation,
  readDelegation,
  whyNotDelegate,
} from '@chancery/kernel/writ';
import { Journal } from '../journal/index.ts';
import type { ControlStanding } from './authority.ts';
import type { Signatory } from './signatory.ts';
import { whyNotUsable } from './usable-keys.ts';

/** To whom an approver delegates, what for, and for how long. */
export interface Delegating {
  readonly to: KeyId;
  /** The one channel that it is for; null for all. */
  readonly channel: string | null;
  /** How long it is valid from now on, milliseconds. */
  readonly forMs: number;
  readonly reason: string;
}

/**
 * Signs and records that another key may answer in the place of the one that signs, for a time.
 * Answers the id of the delegation. Refuses `approval.not-approver` where the one that signs is not
 * trusted for approving, `channel.unknown`, `delegation.invalid` for itself, a key that has ended, or a machine's, and
 * `key.invalid` for one that cannot sign.
 */
export async function recordDelegation(
  signatory: Signatory,
  { to, channel, forMs, reason }: Delegating,
): Promise<Result<Digest>> {
  const { ledger, by, clock } = signatory;
  const unusable = whyNotUsable(to);
  if (unusable !== undefined) return { ok: false, refusal: unusable };
  for (;;) {
    const standing = await signatory.authority.controls();
    const { trust, keys } = standing;
    if (!isTrustedFor(trust, by.id, 'approve')) {
      return refused('approval.not-approver', `${by.id} is not trusted for approving`);
    }
    if (!Number.isSafeInteger(forMs) || forMs <= 0) {
      return refused('delegation.invalid', 'a delegation is for a time to come');
    }
    const why = to === by.id ? 'a key cannot delegate to itself' : whyNotDelegate(trust, to);
    if (why !== undefined) return refused('delegation.invalid', why);
    const { channels, head: policies } = await signatory.authority.policies();
    if (channel !== null && !channels.has(channel)) {
      return refused('channel.unknown', `there is no channel ${channel}`);
    }
    const notBefore = clock.nowMs();
    const span = { notBefore, notAfter: notBefore + forMs };
    const after = keys.head?.digest ?? ledger;
    const envelope = delegateApproval(
      { ledger, after, delegate: to, channel, ...span, reason },
      by,
    );
    const read = readDelegation(envelope);
    if (!read.ok) return read;
    const draft: Draft = { stream: 'ledger', kind: 'approver.delegated', body: { envelope } };
    const reads = [{ stream: 'policy', head: policies }];
    if (await append(signatory, standing, { draft, reads }))
      return done(delegationId(read.value.said));
  }
}

/**
 * Signs and records that a delegation is over before its time. Refuses `delegation.unknown` where
 * none of this id stands, and `delegation.invalid` for one who neither gave it nor has it, nor is a
 * root.
 */
export async function recordDelegationEnd(
  signatory: Signatory,
  { id, reason }: { readonly id: Digest; readonly reason: string },
): Promise<Result<null>> {
  const { ledger, by } = signatory;
  for (;;) {
    const standing = await signatory.authority.controls();
    const { trust, keys } = standing;
    const given = trust.delegations.get(id);
    if (given?.until !== null) {
      return refused('delegation.unknown', `no delegation ${id} stands`);
    }
    if (!mayEndDelegation(trust, given, by.id)) {
      return refused('delegation.invalid', `${by.id} neither gave it nor has it, nor is a root`);
    }
    const envelope = endDelegation({ ledger, after: keys.head?.digest ?? ledger, id, reason }, by);
    const kind = 'approver.delegation-ended';
    const draft: Draft = { stream: 'ledger', kind, body: { envelope } };
    if (await append(signatory, standing, { draft, reads: [] })) {
      return done(null);
    }
  }
}

/** Whether it was recorded; not where anything was said of keys, or of what it relies on, since. */
async function append(
  { store, ledger, clock, by }: Signatory,
  { keys }: ControlStanding,
  { draft, reads }: { readonly draft: Draft; readonly reads: readonly HeadExpectation[] },
): Promise<boolean> {
  const journal = new Journal({ store, ledger, clock, by: by.id });
  const written = await journal.append(new Map([[keys.stream, keys.head]]), [draft], { reads });
  return written.kind === 'written';
}
