import type { Digest } from '@chancery/kernel/encoding';
import type { Head, LedgerStore } from '@chancery/kernel/ledger';
import { Journal } from '@chancery/runtime/journal';
import type { SnapshotOptions } from '@chancery/runtime/snapshots';
import { people } from '@chancery/testkit/builders';

/** What takes snapshots in the name of the agent. */
export function takingOn(store: LedgerStore, ledger: Digest): SnapshotOptions {
  const signer = people.agent;
  const clock = { nowMs: () => 9_000 };
  return { journal: new Journal({ store, ledger, by: signer.id, clock }), ledger, signer };
}

/** Head of a stream that is there. */
export async function headOf(store: LedgerStore, stream: string): Promise<Head> {
  const head = await store.head(stream);
  if (head === null) throw new Error(`${stream} has no entry`);
  return head;
}
