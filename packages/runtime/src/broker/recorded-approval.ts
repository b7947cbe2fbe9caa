import { approvalStream, evolve, initialApproval, type Approval } from '@chancery/domain/approvals';
import type { Digest } from '@chancery/kernel/encoding';
import type { Head, LedgerStore } from '@chancery/kernel/ledger';
import { entriesOf } from '../journal/index.ts';

/** The approval of an action with the head that it was read at. */
export interface ReadApproval {
  readonly approval: Approval;
  readonly stream: string;
  readonly head: Head | null;
}

export async function readApproval(store: LedgerStore, action: Digest): Promise<ReadApproval> {
  const stream = approvalStream(action);
  let approval: Approval = initialApproval;
  let head: Head | null = null;
  for await (const sealed of entriesOf(store, stream)) {
    approval = evolve(approval, sealed);
    head = { seq: sealed.entry.seq, digest: sealed.digest };
  }
  return { approval, stream, head };
}
